/** Alarms of cameras and algorithms, also of GB/T 28181: what their classes mean, and pictures that show nothing any more. */
package io.citywide.sensing.internal.camera;
