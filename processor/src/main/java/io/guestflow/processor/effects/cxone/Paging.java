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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides page by page whether there is another one to read. A server may lead in circles, promise pages that are empty,
 * or never come to an end; none of that may keep a caller busy.
 *
 * <p>Threading: immutable, like all that it decides with.
 *
 * @param asked each id that was asked for
 * @param forms of ids that CXone may write in another case, and the id that was asked for
 * @param found what was read of them, under the ids that were asked for
 * @param tokens of pages that were read or are to be read now
 * @param damaged those that were asked for of whom a row could not be read
 * @param rows on the pages that were read
 * @param nameless how many of them could not be read, and do not even tell whose they are
 * @param pages that were read, before a new beginning too: the bound is for both
 * @param begunAnew whether a token had expired and the reading began again
 */
record Paging(
        DetailsCall call,
        Set<String> asked,
        Map<String, String> forms,
        Map<String, ConversationDetails> found,
        Set<String> damaged,
        Set<String> tokens,
        long rows,
        long nameless,
        int pages,
        boolean begunAnew) {

    /** Statuses by which CXone may say that it does not know a token any more. */
    private static final Set<Integer> TOKEN_UNKNOWN = Set.of(400, 404, 410, 422);

    private static final Pattern UUID =
            Pattern.compile("\\p{XDigit}{8}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{12}");

    Paging {
        asked = Set.copyOf(asked);
        forms = Map.copyOf(forms);
        damaged = Set.copyOf(damaged);
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
        Map<String, String> forms = new HashMap<>();
        conversationIds.stream().filter(Paging::isUuid).forEach(id -> forms.putIfAbsent(form(id), id));
        return new Paging(call, new HashSet<>(conversationIds), forms, Map.of(), Set.of(), Set.of(), 0, 0, 0, false);
    }

    /** What was found, in the order in which it came. */
    List<ConversationDetails> conversations() {
        return List.copyOf(found.values());
    }

    /** A page was read. */
    Turned turn(DetailsPage page) {
        Map<String, ConversationDetails> all = new LinkedHashMap<>(found);
        for (ConversationDetails row : page.rows()) {
            String id = meant(row.conversationId());
            if (id != null) {
                all.putIfAbsent(id, called(id, row));
            }
        }
        Set<String> notRead = new HashSet<>(damaged);
        for (String named : page.named()) {
            String id = meant(named);
            if (id != null) {
                notRead.add(id);
            }
        }
        boolean nothingNew = all.size() == found.size();
        Set<String> seen = new HashSet<>(tokens);
        boolean again = page.next() != null && !seen.add(page.next());
        Paging after = new Paging(
                call,
                asked,
                forms,
                all,
                notRead,
                seen,
                rows + page.rows().size() + page.unreadable(),
                nameless + page.unreadable() - page.named().size(),
                pages + 1,
                begunAnew);
        return new Turned(after, after.next(page, again, nothingNew));
    }

    private Step next(DetailsPage page, boolean tokenAgain, boolean nothingNew) {
        // What is asked for is there: whatever more pages say, it is nothing that anybody wants.
        if (found.size() == asked.size()) {
            return new Step.Done(new Details.End.Complete());
        }
        // Before the total: a server that knows no page numbers reaches it by telling the first page again.
        boolean numberedAgain = call.paging() == Profile.Paging.NUMBER
                && pages > 1
                && nothingNew
                && page.unreadable() == 0
                && !page.isEmpty();
        if (numberedAgain) {
            return faulty(PageFault.REPEATED_PAGE);
        }
        boolean last = switch (call.paging()) {
            case TOKEN -> page.next() == null;
            case NUMBER -> page.total() == null || rows >= page.total();
        };
        if (last) {
            return end();
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

    /** All pages are read. */
    private Step end() {
        if (nameless > 0) {
            // It may be of any that was asked for: nobody may say that CXone does not have it.
            return faulty(PageFault.UNREADABLE_ROW);
        }
        List<String> notRead =
                damaged.stream().filter(id -> !found.containsKey(id)).toList();
        return new Step.Done(notRead.isEmpty() ? new Details.End.Complete() : new Details.End.Unreadable(notRead));
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
        if (pages >= call.mostPages()) {
            return new Turned(this, faulty(PageFault.TOO_MANY_PAGES));
        }
        return new Turned(
                new Paging(call, asked, forms, found, damaged, Set.of(), 0, 0, pages, true),
                new Step.GoOn(new Position.First()));
    }

    private static Step faulty(PageFault fault) {
        return new Step.Done(new Details.End.Faulty(fault));
    }

    private static ConversationDetails called(String id, ConversationDetails row) {
        return new ConversationDetails(id, row.startedAt(), row.endedAt(), row.durationMs(), row.messages());
    }

    /** Which id that was asked for a row's is; null if none. */
    private @Nullable String meant(String id) {
        if (asked.contains(id)) {
            return id;
        }
        return isUuid(id) ? forms.get(form(id)) : null;
    }

    /** Other ids mean something else in another case. */
    private static boolean isUuid(String id) {
        return UUID.matcher(id).matches();
    }

    private static String form(String id) {
        return id.toLowerCase(Locale.ROOT);
    }
}
