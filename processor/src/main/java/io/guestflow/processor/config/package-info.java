/** Typed settings: one catalogue, one precedence, and every error reported at once before anything starts. */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.config;
