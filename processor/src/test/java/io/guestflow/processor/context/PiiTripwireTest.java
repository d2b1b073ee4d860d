package io.guestflow.processor.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.guestflow.contracts.auth.ContextDrop.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PiiTripwireTest {
    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource
    void catchesEmailAddresses(String form, String text) {
        assertEquals(Optional.of(Reason.LOOKS_LIKE_EMAIL), PiiTripwire.scan(text));
    }

    static Stream<Arguments> catchesEmailAddresses() {
        return Stream.of(
                arguments("plain", "jane@example.com"),
                arguments("upper case", "JANE.DOE@EXAMPLE.COM"),
                arguments("tagged", "jane+news@mail.example.co.uk"),
                arguments("in a sentence", "write to jane.doe@example.com, please"),
                arguments("in angle brackets", "Jane <jane@example.com>"),
                arguments("in a slug", "campaign_jane@example.com_spring"),
                arguments("a long ending", "jane@example.technology"),
                arguments("IDN domain", "jane@b\u00fccher.example"),
                arguments("IDN in its ASCII form", "jane@xn--bcher-kva.xn--p1ai"),
                arguments("IDN ending", "\u0438\u0432\u0430\u043d@\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444"),
                arguments("ideographic dot", "jane@example\u3002com"),
                arguments("quoted local part", "\"jane doe\"@example.com"),
                arguments("address literal", "jane@[192.0.2.1]"),
                arguments("IPv6 literal", "jane@[IPv6:2001:db8::1]"),
                arguments("user in a URL", "https://jane@example.com/path"),
                arguments("mailto", "mailto:jane@example.com"),
                arguments("[at]", "jane [at] example.com"),
                arguments("[at] [dot]", "jane [at] example [dot] com"),
                arguments("[at] and a bare dot", "jane [at] example dot com"),
                arguments("(at) without spaces", "jane(at)example(dot)com"),
                arguments("{AT} {DOT}", "jane {AT} example {DOT} com"),
                arguments("words", "jane at example dot com"),
                arguments("words, several labels", "jane at mail dot example dot org"),
                arguments("words in a slug", "jane_at_example_dot_com"),
                arguments("spaces around the signs", "jane @ example . com"),
                arguments("percent-encoded", "jane%40example.com"),
                arguments("percent-encoded throughout", "%6A%61%6E%65%40%65%78%61%6D%70%6C%65%2E%63%6F%6D"),
                arguments("percent-encoded twice", "jane%2540example.com"),
                arguments("decimal entity", "jane&#64;example.com"),
                arguments("entity without semicolon", "jane&#64example.com"),
                arguments("hexadecimal entity", "jane&#x40;example&#x2E;com"),
                arguments("named entities", "jane&commat;example&period;com"),
                arguments("escaped entity", "jane&amp;#64;example.com"),
                arguments("entity in percents", "jane%26%2364%3Bexample.com"),
                arguments("JSON escape", "jane\\u0040example.com"),
                arguments("JSON in a string", "{\"email\":\"jane@example.com\"}"),
                arguments("full-width", "\uff4a\uff41\uff4e\uff45\uff20example\uff0ecom"),
                arguments("small commercial at", "jane\ufe6bexample.com"),
                arguments("one-dot leader", "jane@example\u2024com"),
                arguments("zero-width space", "jane\u200b@\u200bexample\u200b.com"),
                arguments("word joiner and BOM", "jane\u2060@example\ufeff.com"),
                arguments("soft hyphen", "ja\u00adne@exam\u00adple.c\u00adom"),
                arguments("combining marks", "jane@\u0301example.\u0308com"),
                arguments("Hangul filler", "jane\u3164@example.com"),
                arguments("no-break spaces", "jane\u00a0[at]\u00a0example.com"),
                arguments("mathematical letters", "\ud835\udc23\ud835\udc1a\ud835\udc27\ud835\udc1e@example.com"),
                arguments("Base64", base64("jane@example.com")),
                arguments(
                        "Base64 unpadded in a slug",
                        "spring-" + base64("jane@example.com").replace("=", "")),
                arguments("Base64 percent-encoded", base64("jane.d@example.com").replace("=", "%3D")),
                arguments(
                        "Base64 for URLs",
                        base64("\u00ff\u00ff?~jane@example.com")
                                .replace('+', '-')
                                .replace('/', '_')),
                arguments("Base64 of JSON", base64("{\"mail\":\"jane@example.com\"}")));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource
    void catchesPhoneNumbers(String form, String text) {
        assertEquals(Optional.of(Reason.LOOKS_LIKE_PHONE), PiiTripwire.scan(text));
    }

    static Stream<Arguments> catchesPhoneNumbers() {
        return Stream.of(
                arguments("E.164", "+4915112345678"),
                arguments("E.164, made up", "+15551234567"),
                arguments("international, spaces", "+49 151 12345678"),
                arguments("international, hyphens", "+1-555-123-4567"),
                arguments("international, dots", "+1.555.123.4567"),
                arguments("international, brackets", "+1 (555) 123-4567"),
                arguments("international, optional trunk zero", "+44 (0)20 7946 0958"),
                arguments("space after the plus", "+ 49 30 1234567"),
                arguments("plus in brackets", "(+49) 30 1234567"),
                arguments("00", "0049 151 12345678"),
                arguments("00, bare", "004915112345678"),
                arguments("011", "011 44 20 7946 0958"),
                arguments("in a sentence", "call me at +49 151 12345678 tomorrow"),
                arguments("followed by a date", "+49 151 12345678 2026-11-22"),
                arguments("after another number", "2 items, 30 +49 151 12345678"),
                arguments("in a slug", "call_+49-151-12345678_now"),
                arguments("North America", "(555) 123-4567"),
                arguments("North America, closed up", "(555)123-4567"),
                arguments("North America, hyphens", "555-123-4567"),
                arguments("North America, dots", "555.123.4567"),
                arguments("North America, spaces", "555 123 4567"),
                arguments("North America, underscores", "555_123_4567"),
                arguments("North America with 1", "1-800-555-0199"),
                arguments("North America with 1 and brackets", "1 (800) 555-0199"),
                arguments("the dummy that everyone types", "123-456-7890"),
                arguments("after a date", "2026-11-22 555-123-4567"),
                arguments("Germany", "0151 12345678"),
                arguments("Germany, slash", "030/123456-78"),
                arguments("Britain", "020 7946 0958"),
                arguments("Britain, brackets", "(020) 7946 0958"),
                arguments("France", "01 23 45 67 89"),
                arguments("France, dots", "01.23.45.67.89"),
                arguments("Netherlands", "06-12345678"),
                arguments("Japan", "090-1234-5678"),
                arguments("Spain", "612 345 678"),
                arguments("Spain, fixed line", "912 34 56 78"),
                arguments("Brazil", "(11) 91234-5678"),
                arguments("Brazil, spaces", "11 91234-5678"),
                arguments("India", "98765 43210"),
                arguments("China", "138-0013-8000"),
                arguments("Russia", "8 (912) 345-67-89"),
                arguments("Russia, hyphens", "8-912-345-67-89"),
                arguments("after a word", "vip2 612 345 678"),
                arguments("later in a row of numbers", "12 0151 12345678"),
                arguments("tel URI", "tel:+1-201-555-0123"),
                arguments("tel URI, bare", "tel:5551234567"),
                arguments("labelled", "phone: 5551234567"),
                arguments("labelled, in German", "Tel. 03012345678"),
                arguments("labelled, in a form", "mobile=07700900123"),
                arguments("extension", "555-123-4567 ext. 89"),
                arguments("extension, x", "5551234567x89"),
                arguments("extension, RFC 3966", "030 1234567;ext=12"),
                arguments("extension, local number", "555-1234 x12"),
                arguments("percent-encoded", "%2B49%20151%2012345678"),
                arguments("form-encoded", "%2B49+151+12345678"),
                arguments("entities", "&#43;49 151 12345678"),
                arguments("digits as entities", "+49 151 &#49;&#50;&#51;&#52;&#53;&#54;&#55;&#56;"),
                arguments(
                        "full-width",
                        "\uff0b\uff14\uff19\u3000\uff11\uff15\uff11\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18"),
                arguments(
                        "Arabic-Indic",
                        "+\u0664\u0669 \u0661\u0665\u0661 \u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668"),
                arguments("Devanagari", "\u096f\u096e\u096d\u096c\u096b \u096a\u0969\u0968\u0967\u0966"),
                arguments("zero-width", "+49\u200b151\u200b12345678"),
                arguments("soft hyphens", "555\u00ad-123\u00ad-4567"),
                arguments("no-break spaces", "555\u00a0123\u00a04567"),
                arguments("figure dashes", "555\u2012123\u20124567"),
                arguments("middle dots", "555\u00b7123\u00b74567"),
                arguments("keycaps", "+4\ufe0f\u20e39\ufe0f\u20e3 151 12345678"),
                arguments("Base64", base64("+49 151 12345678")));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource
    void catchesCardNumbers(String form, String text) {
        assertEquals(Optional.of(Reason.LOOKS_LIKE_CARD), PiiTripwire.scan(text));
    }

    static Stream<Arguments> catchesCardNumbers() {
        return Stream.of(
                arguments("bare", "4111111111111111"),
                arguments("spaces", "4111 1111 1111 1111"),
                arguments("hyphens", "4111-1111-1111-1111"),
                arguments("dots", "4111.1111.1111.1111"),
                arguments("underscores", "4111_1111_1111_1111"),
                arguments("slashes", "4111/1111/1111/1111"),
                arguments("wide separators", "4111 - 1111 - 1111 - 1111"),
                arguments("odd groups", "41 1111111-1111 111"),
                arguments("single digits", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"),
                arguments("American Express", "3782 822463 10005"),
                arguments("in a sentence", "my card is 5555 5555 5555 4444, ok?"),
                arguments("in a slug", "order-5555555555554444-x"),
                arguments("beside letters", "cc4111111111111111x"),
                arguments("after another number", "12 345 4111 1111 1111 1111"),
                arguments("before another number", "4111 1111 1111 1111 12 26"),
                arguments("form-encoded", "4111+1111+1111+1111"),
                arguments("percent-encoded", "4111%201111%201111%201111"),
                arguments("percent-encoded digits", "%34%31%31%31111111111111"),
                arguments("entities", "&#52;111&nbsp;1111&nbsp;1111&nbsp;1111"),
                arguments("full-width", "\uff14\uff11\uff11\uff11 1111 1111 1111"),
                arguments("Arabic-Indic", "\u0664\u0661\u0661\u0661 1111 1111 1111"),
                arguments("mathematical digits", "\ud835\udfd2111 1111 1111 1111"),
                arguments("circled digits", "\u2463\u2460\u2460\u2460 1111 1111 1111"),
                arguments("zero-width", "4111\u200b1111\u200c1111\u200d1111"),
                arguments("soft hyphens", "4111\u00ad1111\u00ad1111\u00ad1111"),
                arguments("no-break spaces", "4111\u00a01111\u202f1111\u00a01111"),
                arguments("en dashes", "4111\u20131111\u20131111\u20131111"),
                arguments("minus signs", "4111\u22121111\u22121111\u22121111"),
                arguments("middle dots", "4111\u00b71111\u00b71111\u00b71111"),
                arguments("Base64", base64("4111 1111 1111 1111")),
                arguments("JSON in a string", "{\"pan\":\"4111111111111111\"}"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource
    void letsOrdinaryValuesPass(String form, String text) {
        assertEquals(Optional.empty(), PiiTripwire.scan(text));
    }

    static Stream<Arguments> letsOrdinaryValuesPass() {
        return Stream.of(
                arguments("nothing", ""),
                arguments("segment", "anonymous"),
                arguments("segment with a number", "vip-2"),
                arguments("segment with a colon", "loyalty:gold/2026"),
                arguments("device", "web"),
                arguments("device model", "iPhone17,3"),
                arguments("device model with sizes", "iPhone 15 128 256 512"),
                arguments("screen", "1920x1080"),
                arguments("screen with density", "1920x1080@2x"),
                arguments("campaign", "utm_spring-2026"),
                arguments("campaign with a day", "newsletter_2026-11-22"),
                arguments("campaign with a compact day", "spring20261122"),
                arguments("campaign with a day after a plus", "spring+sale+20261122"),
                arguments("campaign with a week", "email_weekly-newsletter_2024-w45"),
                arguments("campaign with years", "summer-2025-2026"),
                arguments("campaign with days", "2026-11-22_2026-12-24"),
                arguments("campaign with European days", "sale 01.12.2026 - 24.12.2026"),
                arguments("campaign title", "Brand|Search|US - Exact (2026)"),
                arguments("campaign title with a percentage", "20% off, 3 for 2!"),
                arguments("campaign title with an entity", "Rock &amp; Roll"),
                arguments("campaign with an ampersand", "R&D"),
                arguments("Google Ads campaign", "12345678901"),
                arguments("Meta campaign", "120208412345670123"),
                arguments("click id", "Cj0KCQiA1Zz_BhC8ARIsAKbw8tWf9sPqRz3"),
                arguments("month", "2026-11"),
                arguments("day", "2026-11-22"),
                arguments("day, slashes", "2026/11/22"),
                arguments("day, dots", "22.11.2026"),
                arguments("day, American", "11/22/2026"),
                arguments("time", "2026-11-22T07:00:00.000Z"),
                arguments("time with an offset", "2026-11-22T07:03:00+0100"),
                arguments("time with a space", "2026-11-22 07:00:00"),
                arguments("time without colons", "2026-11-22 070000"),
                arguments("compact time", "20261122070000"),
                arguments("epoch seconds", "1763794800"),
                arguments("epoch milliseconds", "1763794800000"),
                arguments("epoch microseconds", "1763794800000000"),
                arguments("epoch nanoseconds", "1763794800000000000"),
                arguments("version", "1.2.3"),
                arguments("version with v", "v10.12.3-beta.4"),
                arguments("Windows version", "10.0.19045.3570"),
                arguments("Chrome version", "119.0.6045.199"),
                arguments("package version", "lodash@4.17.21"),
                arguments("UUID", "550e8400-e29b-41d4-a716-446655440000"),
                arguments("UUID of digits", "41111111-1111-1111-8111-111111111111"),
                arguments("UUID, nil", "00000000-0000-0000-0000-000000000000"),
                arguments("UUID in a slug", "guest-uuid-123-0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"),
                arguments("ULID", "01JD8Z6X9V3M5K7Q2W4E6R8T0Y"),
                arguments("SHA-256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
                arguments("trace id", "4bf92f3577b34da6a3ce929d0e0e4736"),
                arguments("IPv4", "192.168.100.200"),
                arguments("IPv6", "2001:db8:85a3::8a2e:370:7334"),
                arguments("order id", "ORD-20261122-0001"),
                arguments("order id like a card, Luhn wrong", "4111-1111-1111-1112"),
                arguments("order id like a card, bare, Luhn wrong", "4111111111111112"),
                arguments("order id, Luhn right, no issuer", "1000000000000008"),
                arguments("order id, Luhn right, issuer's other length", "41111111111116"),
                arguments("order id in groups", "123-4567890-1234567"),
                arguments("invoice", "RE-2026-01-1234567"),
                arguments("zero-padded id", "000012345678"),
                arguments("zero-padded groups", "0001-0002-0003"),
                arguments("digits longer than any card", "41111111111111114111"),
                arguments("part number", "A123-456-7890-B"),
                arguments("EAN from 40 that passes Luhn", "4006381333023"),
                arguments("ISBN", "978-3-16-148410-0"),
                arguments("decimal, a card but for its point", "4.111111111111111"),
                arguments("long decimal, a card but for its point", "41111111.11111111"),
                arguments("fraction, a card but for its point", "0.4111111111111111"),
                arguments("coordinates, a card but for their points", "55.555555 55.554444"),
                arguments("two numbers of five digits", "98765-43210"),
                arguments("a quantity", "100200300 x 2"),
                arguments("an item of an order", "order 123456789 #1"),
                arguments("Google Analytics client", "GA1.2.1234567890.1763794800"),
                arguments("money", "1,234,567.89"),
                arguments("money, spaces", "12 345 678 900"),
                arguments("coordinates", "52.520008, 13.404954"),
                arguments("coordinates, space", "48.856614 2.352222"),
                arguments("sizes", "36 38 40 42 44 46"),
                arguments("fewer sizes", "36 38 40 42 44"),
                arguments("day and hour", "05/11/2026 0900"),
                arguments("a day added", "spring + 2026-11-22"),
                arguments("year in brackets", "Exact (2026) 12345678"),
                arguments("score", "3-1"),
                arguments("a handle", "@example"),
                arguments("a domain after an at", "follow @example.com"),
                arguments("e-mail without a domain", "a@b"),
                arguments("a price at a time", "2 @ 5.00"),
                arguments("at and dot in words", "look at our polka dot dress"),
                arguments("at and dot in a slug", "arrive-at-polka-dot-sale"),
                arguments("at a domain", "meet us at example.com"),
                arguments("at a place", "See you @ noon. Bring friends"),
                arguments("umlauts", "Fr\u00fchjahr f\u00fcr Sch\u00f6ne"),
                arguments("Japanese", "\u6625\u306e\u30ad\u30e3\u30f3\u30da\u30fc\u30f32026"),
                arguments("Arabic", "\u0639\u0631\u0636 \u0627\u0644\u0631\u0628\u064a\u0639 \u0662\u0660\u0662\u0666"),
                arguments("emoji", "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67 family"),
                arguments("Base64 of nothing private", base64("spring campaign 2026")),
                arguments("percent sign without digits", "100%"),
                arguments("percent-encoded title", "Black%20Friday%202026"));
    }

    @Test
    void namesTheMoreCertainFindFirst() {
        assertEquals(
                Optional.of(Reason.LOOKS_LIKE_EMAIL),
                PiiTripwire.scan("+49 151 12345678, 4111111111111111, a@example.com"));
        assertEquals(Optional.of(Reason.LOOKS_LIKE_CARD), PiiTripwire.scan("+49 151 12345678, 4111111111111111"));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
