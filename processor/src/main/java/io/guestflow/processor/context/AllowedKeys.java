package io.guestflow.processor.context;

import java.util.List;

/** The allow-list that holds where the settings say nothing else. */
public final class AllowedKeys {
    private static final String CAMPAIGN =
            "[\\pL\\pN\\p{Sc}(\\[#][\\pL\\pM\\pN\\p{Sc} ._:/|+&()\\[\\]~!?,%#*'\u2019\u2013\u2014-]*";

    /**
     * The order is the priority in which a full header keeps its pairs.
     *
     * <ul>
     *   <li>{@code segment}: an identifier such as {@code anonymous}, {@code vip-2}, {@code loyalty:gold}. No spaces, so
     *       that no name or sentence fits.
     *   <li>{@code campaign}: what advertising tools put into {@code utm_campaign}, in any script: {@code
     *       utm_spring-2026}, {@code [US] Brand|Search - 20% off}. Spaces, because those tools fill in the campaign's
     *       title; but nothing that addresses, markup or data are made of.
     *   <li>{@code device}: {@code web}, {@code ios}, {@code iPhone17,3}, {@code Smart TV}. A pattern and not a list:
     *       next year's devices are not known.
     *   <li>{@code privacy_mode}: true or false, or a word such as {@code strict} or {@code off}; both are in use.
     * </ul>
     */
    public static final List<AllowedKey> DEFAULTS = List.of(
            AllowedKey.of("segment", AllowedKey.Type.TEXT, 64, "[A-Za-z0-9][A-Za-z0-9._:/+-]*"),
            AllowedKey.of("campaign", AllowedKey.Type.TEXT, 128, CAMPAIGN),
            AllowedKey.of("device", AllowedKey.Type.TEXT, 64, "[A-Za-z0-9][A-Za-z0-9 ._,/()+-]*"),
            AllowedKey.of("privacy_mode", AllowedKey.Type.FLAG, 32, "[A-Za-z][A-Za-z0-9_-]*"));

    private AllowedKeys() {}
}
