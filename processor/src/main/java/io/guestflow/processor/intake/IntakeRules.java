package io.guestflow.processor.intake;

import java.util.List;
import java.util.Set;

/**
 * What an operator decides about webhooks and control records.
 *
 * @param conversationIdFrom which id is the conversation's: the first of these that a webhook has
 * @param channelsAllowed the channels that are served; empty for any
 * @param rejectContext whether a refused context entry refuses the whole update, rather than being dropped
 */
public record IntakeRules(
        List<ConversationIdSource> conversationIdFrom, Set<String> channelsAllowed, boolean rejectContext) {
    /** Takes copies. */
    public IntakeRules {
        conversationIdFrom = List.copyOf(conversationIdFrom);
        channelsAllowed = Set.copyOf(channelsAllowed);
    }
}
