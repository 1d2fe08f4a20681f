using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Copilot.Domain.Responses.Events;

/// <summary>Reads the upstream's errors, whatever their shape, into one form.</summary>
/// <remarks>
/// Known shapes: the WebSocket envelope (<c>status</c> beside <c>error</c>), the flat event, the nested event, FastAPI's
/// <c>detail</c>, a string as <c>error</c>, and over HTTP a JSON, plain-text or HTML body. The delay may be in the headers, inside the
/// error, beside it, or in the message text.
/// </remarks>
public static partial class ResponseErrorParser
{
    private const int ExcerptLength = 300;

    // Both are shown, logged and stored with the run; who writes more writes nothing for people.
    private const int LongestMessage = 2_000;
    private const int LongestName = 200;

    /// <summary>Reads a top-level <c>error</c> event.</summary>
    public static ResponseError ReadEvent(ReadOnlySpan<byte> json)
    {
        var outer = new Parts();
        outer.Read(json);
        return outer.ToError(status: null, retryAfter: null, "The upstream reported an error without saying what it was.");
    }

    /// <summary>Reads an <c>error</c> object (or string) that is nested in another object.</summary>
    public static ResponseError ReadError(ReadOnlySpan<byte> json)
    {
        var parts = new Parts();
        parts.ReadValue(json);
        return parts.ToError(status: null, retryAfter: null, "The upstream reported an error without saying what it was.");
    }

    /// <summary>Reads the body of an HTTP answer that is not success.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The body, or as much of it as was read.</param>
    /// <param name="retryAfter">The delay of the <c>Retry-After</c> header, or null.</param>
    public static ResponseError ReadHttp(int status, ReadOnlySpan<byte> body, TimeSpan? retryAfter)
    {
        var text = body.Trim(" \t\r\n"u8);
        if (!text.IsEmpty && text[0] == (byte)'{')
        {
            try
            {
                var parts = new Parts();
                parts.Read(text);
                return parts.ToError(status, retryAfter, $"The upstream answered with status {status} and gave no reason.");
            }
            catch (JsonException)
            {
                // A body that only looks like JSON is shown as the text it is.
            }
        }

        var excerpt = Excerpt(text);
        return new ResponseError
        {
            Message = excerpt.Length == 0
                ? $"The upstream answered with status {status} and no body."
                : $"The upstream answered with status {status}: {excerpt}",
            Status = status,
            RetryAfter = retryAfter,
        };
    }

    /// <summary>The start of a text or HTML body, on one line, without mark-up and control characters.</summary>
    internal static string Excerpt(ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, 16 * 1024)]);
        if (text.Contains('<', StringComparison.Ordinal))
        {
            var title = HtmlTitle().Match(text);
            text = title.Success ? title.Groups[1].Value : HtmlMarkup().Replace(text, " ");
            text = WebUtility.HtmlDecode(text);
        }

        text = WhiteSpace().Replace(Printable(text), " ").Trim();
        return text.Length <= ExcerptLength ? text : string.Concat(text.AsSpan(0, ExcerptLength), "…");
    }

    /// <summary>
    /// The text without control sequences and control characters, but for line ends and tabs: it is shown, logged and written to
    /// consoles, which would obey them.
    /// </summary>
    internal static string Printable(string text) => ControlSequence().Replace(text, "");

    /// <summary>The delay that a message text asks for ("try again in 1.898s", "in 28ms", "in 6m0s"), or null.</summary>
    internal static TimeSpan? DelayIn(string message)
    {
        var match = TryAgainIn().Match(message);
        if (!match.Success)
        {
            return null;
        }

        var seconds = 0.0;
        for (var i = 0; i < match.Groups[1].Captures.Count; i++)
        {
            var amount = double.Parse(match.Groups[1].Captures[i].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
            seconds += amount * SecondsIn(match.Groups[2].Captures[i].Value);
        }

        return Delay(seconds);
    }

    private static double SecondsIn(string unit) => unit.ToUpperInvariant() switch
    {
        ['M', 'S'] or ['M', 'I', 'L', ..] => 0.001,
        ['M', ..] => 60,
        ['H', ..] => 3600,
        _ => 1,
    };

    private static TimeSpan? Delay(double seconds) =>
        double.IsFinite(seconds) && seconds >= 0 && seconds <= TimeSpan.FromDays(366).TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;

    [GeneratedRegex(
        @"try again in\s*(?:([0-9]+(?:\.[0-9]+)?)\s*(ms|milliseconds?|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h)(?![a-z])\s*)+",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TryAgainIn();

    [GeneratedRegex(@"\x1B(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1B]*(?:\x07|\x1B\\)?|[ -/]*[0-~])?|\x9B[0-?]*[ -/]*[@-~]|[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F]")]
    private static partial Regex ControlSequence();

    [GeneratedRegex(@"<title[^>]*>([^<]*)</title>", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HtmlTitle();

    [GeneratedRegex(@"<(script|style)\b.*?</\1>|<[^>]*>", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex HtmlMarkup();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
