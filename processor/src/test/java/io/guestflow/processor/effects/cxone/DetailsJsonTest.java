package io.guestflow.processor.effects.cxone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.guestflow.processor.effects.cxone.Profile.DetailsCall;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What CXone's analytics may write for a figure, a time, or nothing. */
class DetailsJsonTest {
    private static final Instant STARTED = Instant.parse("2026-11-22T07:00:00Z");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-22T07:00:00Z",
                "2026-11-22T07:00:00.000Z",
                "2026-11-22T08:00:00+01:00",
                "2026-11-22T08:00:00+0100",
                "2026-11-22T01:00:00-0600",
                "2026-11-22T08:00:00+01",
                "2026-11-22 07:00:00,0Z",
                "2026-11-22T07:00Z",
            })
    void timesComeInManyForms(String time) {
        ConversationDetails told = row("'startedAt':'" + time + "','endedAt':'" + time + "'", "12.5", "3");
        assertNotNull(told);
        assertEquals(STARTED, told.startedAt());
        assertEquals(STARTED, told.endedAt());
        assertEquals(12_500, told.durationMs());
    }

    @ParameterizedTest
    @ValueSource(strings = {"'endedAt':null,", "", "'endedAt':'',", "'endedAt':'0001-01-01T00:00:00Z',"})
    void anEndThatIsNotToldIsNone(String endedAt) {
        ConversationDetails told = row(endedAt + "'startedAt':'2026-11-22T07:00:00Z'", "12.5", "3");
        assertNotNull(told);
        assertEquals(STARTED, told.startedAt());
        assertNull(told.endedAt());
    }

    /** Taken for none it would be of a conversation that goes on. */
    @ParameterizedTest
    @ValueSource(strings = {"'2026-11-22T07:00:00'", "'2026-11-22T07:00:00+0,0:00'", "1795332600000", "'soon'", "[]"})
    void aTimeThatCannotBeReadIsNotNone(String time) {
        assertNull(row("'endedAt':" + time, "12.5", "3"));
        assertNull(row("'startedAt':" + time, "12.5", "3"));
    }

    @ParameterizedTest
    @CsvSource({
        "12, 12, 12000, 12",
        "12.0, 12.0, 12000, 12",
        "'\"12\"', '\"12\"', 12000, 12",
        "'\"12.5\"', '\"12.0\"', 12500, 12",
        "1e2, 1e1, 100000, 10",
        "0, 0, 0, 0",
    })
    void figuresComeAsNumbersOfAnyKindAndAsTheirTexts(String duration, String count, long durationMs, int messages) {
        ConversationDetails told = row("'x':1", duration, count);
        assertNotNull(told);
        assertEquals(durationMs, told.durationMs());
        assertEquals(messages, told.messages());
    }

    @ParameterizedTest
    @CsvSource({"-1, 1", "1, -1", "1, 1.5", "null, 1", "1, null", "1e300, 1", "1, 1e300", "'\"PT5M\"', 1", "1, '\"\"'"})
    void whatIsNoFigureCannotBeRead(String duration, String count) {
        assertNull(row("'x':1", duration, count));
    }

    @Test
    void anIdMayBeANumber() {
        DetailsPage page = page(
                Profile.Paging.TOKEN,
                "{'data':[{'conversationId':131988342510,'metrics':{'duration':1,'messageCount':1}}]}");
        assertNotNull(page);
        assertEquals("131988342510", page.rows().getFirst().conversationId());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'data':null}", "{'data':[],'pageToken':null}", "{'data':null,'pageToken':''}"})
    void nothingIsAnEmptyPage(String body) {
        assertEquals(new DetailsPage(List.of(), 0, List.of(), null, null), page(Profile.Paging.TOKEN, body));
    }

    @Test
    void nothingOfATotalOfNothingIsAnEmptyPage() {
        assertEquals(new DetailsPage(List.of(), 0, List.of(), null, 0), page(Profile.Paging.NUMBER, "{'totalHits':0}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TOKEN | {'pageToken':'t1'}",
                "TOKEN | {'data':null,'pageToken':'t1'}",
                "TOKEN | {'data':{}}",
                "TOKEN | {'data':[],'pageToken':7}",
                "NUMBER | {'totalHits':3}",
                "NUMBER | {'data':[]}",
                "NUMBER | {'data':[],'totalHits':-1}",
            })
    void nothingThatPromisesMoreCannotBeRead(Profile.Paging paging, String body) {
        assertNull(page(paging, body));
    }

    @Test
    void ofARowThatCannotBeReadThereIsWhoseItIs() {
        DetailsPage page = page(
                Profile.Paging.TOKEN,
                "{'data':[{'conversationId':'c1','metrics':{'duration':null}},{'conversationId':[]},7]}");
        assertNotNull(page);
        assertEquals(3, page.unreadable());
        assertEquals(List.of("c1"), page.named());
    }

    private static @Nullable ConversationDetails row(String times, String duration, String messages) {
        DetailsPage page = page(
                Profile.Paging.TOKEN,
                "{'data':[{'conversationId':'c1'," + times + ",'metrics':{'duration':" + duration + ",'messageCount':"
                        + messages + "}}]}");
        assertNotNull(page);
        assertEquals(1, page.rows().size() + page.unreadable());
        return page.rows().isEmpty() ? null : page.rows().getFirst();
    }

    private static @Nullable DetailsPage page(Profile.Paging paging, String body) {
        return DetailsJson.page(
                new DetailsCall("/q", paging, 2, 3, Duration.ofSeconds(1)),
                body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
