package io.guestflow.processor.session;

import java.util.List;

/**
 * What was decided.
 *
 * @param state what is known from now on
 */
record Decision(Conversation state, List<Output> outputs) {}
