/** Devices and their types over HTTP. */
package io.citywide.sensing.internal.web;
