package io.guestflow.processor.effects.cxone;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of an answer.
 *
 * @param rows those that can be read
 * @param unreadable how many cannot
 * @param named the conversations of those that cannot, where at least that can be read
 * @param next the token of the page behind it; null if there is none, or pages have numbers
 * @param total how many rows all pages have together; null where pages have tokens
 */
record DetailsPage(
        List<ConversationDetails> rows,
        int unreadable,
        List<String> named,
        @Nullable String next,
        @Nullable Integer total) {
    DetailsPage {
        rows = List.copyOf(rows);
        named = List.copyOf(named);
    }

    boolean isEmpty() {
        return rows.isEmpty() && unreadable == 0;
    }
}
