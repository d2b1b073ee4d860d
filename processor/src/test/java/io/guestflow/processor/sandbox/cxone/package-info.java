/** A CXone of our own over real HTTP: it checks like a server, misbehaves on request, and counts what it saw. */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.sandbox.cxone;
