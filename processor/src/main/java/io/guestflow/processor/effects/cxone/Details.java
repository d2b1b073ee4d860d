package io.guestflow.processor.effects.cxone;

import java.util.List;

/**
 * What was read of an answer of several pages.
 *
 * @param conversations of those that were asked for, each once
 * @param end how the reading ended
 * @param pages read
 * @param calls HTTP calls made for it, retries included, token calls not
 */
public record Details(List<ConversationDetails> conversations, End end, int pages, int calls) {
    /** Keeps its own copy. */
    public Details {
        conversations = List.copyOf(conversations);
    }

    /** How it ended. */
    public sealed interface End {
        /** With the last page, or with everything that was asked for. */
        record Complete() implements End {}

        /**
         * With the last page, but rows on them could not be read: those of these conversations, which were asked for. What
         * is neither among these nor among those that were read, CXone does not have.
         */
        record Unreadable(List<String> conversationIds) implements End {
            public Unreadable {
                conversationIds = List.copyOf(conversationIds);
            }
        }

        /** The pages do not fit together. */
        record Faulty(PageFault fault) implements End {}

        /** A page could not be fetched. */
        record Failed(CallFailure failure) implements End {}
    }
}
