/**
 * What the bot may know of a guest: an allow-list with typed values decides, a tripwire for personal data looks over its
 * shoulder, and what passed is coded for CXone's headers.
 */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.context;
