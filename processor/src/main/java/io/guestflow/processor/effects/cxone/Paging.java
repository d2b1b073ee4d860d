package io.guestflow.processor.effects.cxone;

import io.guestflow.processor.effects.cxone.Profile.DetailsCall;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Decides page by page whether there is another one to read. A server may lead in circles, promise pages that are empty,
 * or never come to an end; none of that may keep a caller busy.
 *
 * <p>Threading: immutable, like all that it decides with.
 *
 * @param asked each id that was asked for, under its form without case
 * @param found what was read of them, under their forms likewise
 * @param tokens of pages that were read or are to be read now
 * @param rows on the pages that were read
 * @param pages that were read since the beginning, or the new beginning
 * @param begunAnew whether a token had expired and the reading began again
 */
record Paging(
        DetailsCall call,
        Map<String, String> asked,
        Map<String, ConversationDetails> found,
        Set<String> tokens,
        long rows,
        int pages,
        boolean begunAnew) {

    /** Statuses by which CXone may say that it does not know a token any more. */
    private static final Set<Integer> TOKEN_UNKNOWN = Set.of(400, 404, 410, 422);

    Paging {
        asked = Map.copyOf(asked);
        tokens = Set.copyOf(tokens);
        found = Collections.unmodifiableMap(found);
    }

    /** Where a page begins. */
    sealed interface Position {
        /** The first one. */
        record First() implements Position {}

        /** Behind a page that told this. */
        record Token(String token) implements Position {}

        /** Pages are numbered from 1 on. */
        record Numbered(int number) implements Position {}
    }

    /** What to do now. */
    sealed interface Step {
        /** There is a page to read. */
        record GoOn(Position at) implements Step {}

        /** There is none. */
        record Done(Details.End end) implements Step {}
    }

    /** What a page led to. */
    record Turned(Paging paging, Step step) {}

    static Paging begin(DetailsCall call, Collection<String> conversationIds) {
        Map<String, String> asked = new HashMap<>();
        conversationIds.forEach(id -> asked.put(form(id), id));
        return new Paging(call, asked, Map.of(), Set.of(), 0, 0, false);
    }

    /** What was found, in the order in which it came. */
    List<ConversationDetails> conversations() {
        return List.copyOf(found.values());
    }

    /** A page was read. */
    Turned turn(DetailsPage page) {
        Map<String, ConversationDetails> all = new LinkedHashMap<>(found);
        for (ConversationDetails row : page.rows()) {
            String id = asked.get(form(row.conversationId()));
            if (id != null) {
                all.putIfAbsent(form(id), called(id, row));
            }
        }
        boolean nothingNew = all.size() == found.size();
        Set<String> seen = new HashSet<>(tokens);
        boolean again = page.next() != null && !seen.add(page.next());
        Paging after =
                new Paging(call, asked, all, seen, rows + page.rows().size() + page.unreadable(), pages + 1, begunAnew);
        return new Turned(after, after.next(page, again, nothingNew));
    }

    private Step next(DetailsPage page, boolean tokenAgain, boolean nothingNew) {
        boolean last = switch (call.paging()) {
            case TOKEN -> page.next() == null;
            case NUMBER -> page.total() == null || rows >= page.total();
        };
        // What is asked for is there: whatever more pages say, it is nothing that anybody wants.
        if (last || found.size() == asked.size()) {
            return new Step.Done(new Details.End.Complete());
        }
        if (page.isEmpty()) {
            return faulty(PageFault.EMPTY_PAGE);
        }
        if (tokenAgain || (call.paging() == Profile.Paging.NUMBER && nothingNew && page.unreadable() == 0)) {
            return faulty(PageFault.REPEATED_PAGE);
        }
        if (pages >= call.mostPages()) {
            return faulty(PageFault.TOO_MANY_PAGES);
        }
        return new Step.GoOn(page.next() == null ? new Position.Numbered(pages + 1) : new Position.Token(page.next()));
    }

    /** The page at {@code at} could not be fetched. A token that CXone has forgotten is worth one new beginning. */
    Turned refused(Position at, CallFailure failure) {
        boolean forgotten = at instanceof Position.Token
                && failure instanceof CallFailure.Rejected(int status)
                && TOKEN_UNKNOWN.contains(status);
        if (!forgotten) {
            return new Turned(this, new Step.Done(new Details.End.Failed(failure)));
        }
        if (begunAnew) {
            return new Turned(this, faulty(PageFault.PAGE_TOKEN_EXPIRED));
        }
        return new Turned(new Paging(call, asked, found, Set.of(), 0, 0, true), new Step.GoOn(new Position.First()));
    }

    private static Step faulty(PageFault fault) {
        return new Step.Done(new Details.End.Faulty(fault));
    }

    private static ConversationDetails called(String id, ConversationDetails row) {
        return new ConversationDetails(id, row.startedAt(), row.endedAt(), row.durationMs(), row.messages());
    }

    private static String form(String id) {
        return id.toLowerCase(Locale.ROOT);
    }
}
