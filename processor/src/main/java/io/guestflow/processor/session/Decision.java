package io.guestflow.processor.session;

import java.util.List;

/**
 * What was decided.
 *
 * @param state what is known from now on; the same object if nothing has changed
 */
record Decision(Conversation state, List<Output> outputs) {}
