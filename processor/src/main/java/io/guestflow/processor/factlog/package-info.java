/** Reads the facts once for all that is derived from them: audit and analytics. */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.factlog;
