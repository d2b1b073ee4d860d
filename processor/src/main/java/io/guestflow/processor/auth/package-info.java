/**
 * Authentication: a request becomes a pending entry and a command, its outcome a result and facts. {@link
 * io.guestflow.processor.auth.AuthTopology} is the table of contents; {@code AuthDecisions} holds what is decided.
 */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.auth;
