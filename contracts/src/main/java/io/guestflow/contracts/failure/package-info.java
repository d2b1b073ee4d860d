/** What could not be processed, told without its content. */
@org.jspecify.annotations.NullMarked
package io.guestflow.contracts.failure;
