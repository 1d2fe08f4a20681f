using Microsoft.AspNetCore.Components;

namespace Copilot.Web.Components;

/// <summary>
/// Line icons of our own, 20 px grid; decoration only, the control carries the name. Markup and no component: a page has a dozen of them,
/// and each component would cost the server 3 KB for as long as the page is open.
/// </summary>
internal static class LineIcon
{
    /// <summary>The icon of this name; empty lines for one that is not known.</summary>
    public static MarkupString Of(string name) => new(
        $"""<svg class="icon icon-{name}" viewBox="0 0 20 20" width="18" height="18" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false"><path d="{PathOf(name)}" /></svg>""");

    private static string PathOf(string name) => name switch
    {
        "menu" => "M3 6h14M3 10h14M3 14h9",
        "plus" => "M10 4v12M4 10h12",
        "search" => "M9 15a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM17 17l-3.6-3.6",
        "more" => "M4.5 10h.01M10 10h.01M15.5 10h.01",
        "up" => "M10 16V4M5 9l5-5 5 5",
        "tell" => "M3.5 4.5h13v9H9l-3.5 3v-3h-2zM10 11.500V7M7.800 9L10 6.800 12.200 9",
        "stop" => "M6 6h8v8H6z",
        "down" => "M10 4v12M5 11l5 5 5-5",
        "copy" => "M7.5 7.5h9v9h-9zM12.5 7.5v-4h-9v9h4",
        "retry" => "M16 10a6 6 0 1 1-1.9-4.4M16.3 3v3.4h-3.4",
        "edit" => "M4 16l.8-3.4L13 4.4a1.6 1.6 0 0 1 2.3 0l.3.3a1.6 1.6 0 0 1 0 2.3L7.4 15.2z",
        "good" => "M6.5 9v7.5h-3V9zM6.5 9l3-5.5c1.3 0 2 .9 1.8 2.1L10.8 8h4.3c1 0 1.7.9 1.5 1.9l-1.1 5.2c-.2.8-.9 1.4-1.7 1.4H6.5",
        "bad" => "M13.5 11V3.500h3V11zM13.500 11l-3 5.500c-1.300 0-2-.9-1.800-2.100L9.200 12H4.900c-1 0-1.700-.9-1.500-1.900l1.100-5.200c.2-.8.9-1.400 1.700-1.400h7.300",
        "left" => "M12 5l-5 5 5 5",
        "right" => "M8 5l5 5-5 5",
        "close" => "M5 5l10 10M15 5L5 15",
        "sun" => "M10 13.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM10 2v1.500M10 16.500V18M2 10h1.500M16.500 10H18M4.300 4.300l1.100 1.100M14.600 14.600l1.100 1.100M4.300 15.700l1.100-1.100M14.600 5.400l1.100-1.100",
        "moon" => "M16.500 11.800A7 7 0 0 1 8.200 3.500a7 7 0 1 0 8.300 8.300z",
        "half" => "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 3v14M10 6l5.800-.2M10 10h7M10 14l5.600.2",
        "exit" => "M8 4H4v12h4M12.500 6.500L16 10l-3.500 3.500M16 10H8",
        "attach" => "M15.800 9.300l-5.900 5.900a3.700 3.700 0 0 1-5.200-5.200l6.200-6.200a2.450 2.450 0 0 1 3.500 3.500l-6.200 6.200a1.200 1.200 0 0 1-1.700-1.700l5.500-5.500",
        "bolt" => "M11 2.500L4.500 11.500H10l-1 6 6.500-9H10z",
        "check" => "M4.500 10.500l3.500 3.500 7.500-8",
        "chat" => "M3.500 4.500h13v9.500H9l-3.500 3v-3h-2z",
        "shield" => "M10 2.800l6 2.200v4.500c0 3.600-2.500 6.400-6 7.700-3.500-1.300-6-4.100-6-7.700V5z",
        "people" => "M7.500 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 16.500c.4-2.900 2.500-4.500 5.500-4.500s5.100 1.600 5.500 4.500M13 4.200a3 3 0 0 1 0 5.600M15 12.400c1.700.7 2.700 2.100 3 4.100",
        "key" => "M13 12a4 4 0 1 0-3.900-3.100L3 15v2.500h3v-2h2v-2h2l1-1.200c.6.200 1.300.4 2 .4zM14 7h.01",
        "bell" => "M5 14V9a5 5 0 0 1 10 0v5l1.500 1.500h-13zM8.500 17.500h3",
        "keyboard" => "M2.500 5.500h15v9.500h-15zM5.500 8.500h.01M8.500 8.500h.01M11.500 8.500h.01M14.500 8.500h.01M6.500 12h7",
        "alert" => "M10 3l7.500 13.500h-15zM10 8v4M10 14.200h.01",
        "archive" => "M3 4h14v3.500H3zM4.500 7.500V16h11V7.500M8 10.500h4",
        "pin" => "M7 3h6M8 3v5l-2.500 3v1h9v-1L12 8V3M10 12v5",
        "trash" => "M4 5.500h12M8 5.500v-2h4v2M5.500 5.500l.7 11h7.600l.7-11M8.500 9v4.500M11.500 9v4.500",
        "live" => "M10 11.500a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3zM6.500 13.500a5 5 0 0 1 0-7M13.500 6.500a5 5 0 0 1 0 7M4 16a8.500 8.500 0 0 1 0-12M16 4a8.500 8.500 0 0 1 0 12",
        "lock" => "M5 9h10v7.500H5zM7 9V6.500a3 3 0 0 1 6 0V9",
        "pause" => "M7 5v10M13 5v10",
        "at" => "M13 10a3 3 0 1 1-6 0 3 3 0 0 1 6 0zM13 7v4.500a2 2 0 0 0 4 0V10a7 7 0 1 0-3 5.700",
        "help" => "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM7.800 8a2.200 2.200 0 1 1 3.200 2c-.7.300-1 .8-1 1.500M10 14h.01",
        "clock" => "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 6v4l2.500 2",
        "list" => "M7.500 5h9M7.500 10h9M7.500 15h9M3.500 5h.01M3.500 10h.01M3.500 15h.01",
        "panel" => "M3 4h14v12H3zM8 4v12",
        _ => "",
    };
}
