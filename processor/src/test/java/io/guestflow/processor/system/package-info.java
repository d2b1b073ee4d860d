/**
 * The whole of guestflow under test: a real broker, a CXone simulator over HTTP, and processors in JVMs of their own that
 * are told their settings by the environment and ended by signals. Tests see what a web tier and an operator see: topics,
 * HTTP, output and exit codes.
 */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.system;
