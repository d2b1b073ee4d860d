/** Sessions: what authentications, webhooks and time make of a conversation, from its opening to its end. */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.session;
