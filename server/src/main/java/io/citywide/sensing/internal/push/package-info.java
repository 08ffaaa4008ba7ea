/**
 * Messages to browsers: how one is sealed for a single browser (RFC 8291 over RFC 8188) and how a server shows who it is (RFC 8292). Only
 * formats and keys; who is told, and how it gets there, is in {@code warning}. Why it is written here: docs/decisions/0026-web-push.md.
 */
package io.citywide.sensing.internal.push;
