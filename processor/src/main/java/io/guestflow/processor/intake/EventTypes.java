package io.guestflow.processor.intake;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The types of events that are known: CXone's, by both of their names (documents say {@code Contact...} where the wire
 * says {@code Case...}), and those of the flat shape. Anything else passes by.
 */
final class EventTypes {
    /** What a type says by itself. Whatever it says, an event's snapshot of the case may say more. */
    enum Meaning {
        /** A message was written. */
        MESSAGE,
        /** The case has another status. */
        STATUS,
        /** The event is too large for a webhook and lies elsewhere. */
        IN_S3,
        /** Flat: the conversation began. */
        STARTED,
        /** Flat: the conversation is over. */
        ENDED,
        /** Flat: the guest's connection is gone. */
        DISCONNECTED,
        /** Nothing that a session must know, as an agent's part in the conversation that ended. */
        NOTHING
    }

    /** The bounded name of all types that are not known. */
    static final String OTHER = "other";

    private static final String[] NOTHING_OF_THEIR_OWN = {
        "CaseCreated",
        "CaseInboxAssigneeChanged",
        "CaseToRoutingQueueAssignmentChanged",
        "CasePreferredUserChanged",
        "CaseProficiencyChanged",
        "CasePriorityChanged",
        "CaseSync",
        "CaseRecipientsChanged",
        "CustomerContactCreated",
        "CustomerContactClosed",
        "ConsumerContactInboxPreAssigneeChanged",
        "ChannelCreated",
        "ChannelDeleted",
        "ChannelUpdated",
        "MessageUpdated",
        "MessageDeliveredToEndUser",
        "MessageDeliveredToUser",
        "MessageDeliveryStatusChanged",
        "MessageReadChanged",
        "MessageSeenByEndUser",
        "MessageSeenByUser",
        "MessageSeenChanged",
        "MessageNoteCreated",
        "MessageNoteUpdated",
        "MessageNoteDeleted",
        "MessagePreviewCreated",
        "PageViewCreated",
        "RoutingQueueCreated",
        "RoutingQueueDeleted",
        "RoutingQueueUpdated",
        "SubqueueAssignedToRoutingQueue",
        "SubqueueUnassignedFromRoutingQueue",
        "UserAssignedToRoutingQueue",
        "UserUnassignedFromRoutingQueue",
        "UserStatusChanged",
        "AgentContactStarted",
        "AgentContactEnded",
        "SenderTypingStarted",
        "SenderTypingEnded",
        "ThreadFocused",
        "ThreadUnfocused",
        "ThreadUpdated",
        "ThreadArchived",
        "ThreadRecovered",
        "LivechatRecovered",
        "SetPositionInQueue",
        "FireProactiveAction",
        "AuthorizeConsumer",
    };

    private static final Map<String, Meaning> KNOWN = known();

    private EventTypes() {}

    /** What the type says; null if it is not known. */
    static @Nullable Meaning meaning(String type) {
        return KNOWN.get(type);
    }

    private static Map<String, Meaning> known() {
        Map<String, Meaning> known = new HashMap<>();
        for (String type : NOTHING_OF_THEIR_OWN) {
            put(known, type, Meaning.NOTHING);
        }
        put(known, "MessageCreated", Meaning.MESSAGE);
        put(known, "MessageSent", Meaning.MESSAGE);
        put(known, "MessageAddedIntoCase", Meaning.MESSAGE);
        put(known, "CaseStatusChanged", Meaning.STATUS);
        put(known, "EventInS3", Meaning.IN_S3);
        put(known, "conversation.started", Meaning.STARTED);
        put(known, "conversation.message", Meaning.MESSAGE);
        put(known, "conversation.ended", Meaning.ENDED);
        put(known, "conversation.disconnected", Meaning.DISCONNECTED);
        return Map.copyOf(known);
    }

    private static void put(Map<String, Meaning> known, String type, Meaning meaning) {
        known.put(type, meaning);
        known.put(type.replace("Case", "Contact"), meaning);
    }
}
