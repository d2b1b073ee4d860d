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

        /** The pages do not fit together. */
        record Faulty(PageFault fault) implements End {}

        /** A page could not be fetched. */
        record Failed(CallFailure failure) implements End {}
    }
}
