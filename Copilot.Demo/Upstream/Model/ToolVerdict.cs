using System.Text.Json;
using Copilot.Demo.Upstream.Protocol;
namespace Copilot.Demo.Upstream.Model;

/// <summary>How a call went.</summary>
internal enum ToolVerdict
{
    Ok,
    BadArgument,
    Failed,
    Denied,
    TimedOut,
    Cancelled,
}

/// <summary>Reads from an output how its call went. Tools report it in JSON (<c>error</c>) or in a plain sentence.</summary>
internal static class ToolVerdicts
{
    private static readonly string[] s_failed =
        ["error", "failed", "failure", "the tool", "tool ", "unknown tool", "no such tool", "could not", "cannot", "can not", "unable", "exception", "there is no", "the argument"];

    private static readonly string[] s_denied = ["denied", "not allowed", "not permitted", "refused by", "declined", "rejected", "did not allow", "nobody decided"];
    private static readonly string[] s_timedOut = ["timed out", "time-out", "timeout", "outcome unknown", "outcome is unknown", "took too long", "did not answer"];
    private static readonly string[] s_cancelled = ["cancelled", "canceled"];
    private static readonly string[] s_badArgument =
        ["argument", "must be", "is required", "invalid", "not valid", "expected", "missing", "out of range", "unknown value", "in the past", "only "];

    private static readonly HashSet<string> s_done = new(StringComparer.OrdinalIgnoreCase)
    {
        "ok", "okay", "done", "yes", "success", "successfully", "deleted", "removed", "created", "added", "updated", "changed", "saved",
        "stored", "sent", "booked", "reserved", "ordered", "placed", "scheduled", "confirmed", "accepted", "approved", "finished", "completed",
    };

    public static ToolVerdict Of(string toolName, string output, JsonElement? json)
    {
        if (json is { ValueKind: JsonValueKind.Object } body)
        {
            var status = body.Text("status");
            var failed = body.Member("error") is not null
                || body.IsFalse("ok")
                || status is "error" or "failed" or "denied" or "timed_out" or "cancelled";
            return failed ? Kind(output) : ToolVerdict.Ok;
        }

        if (json is not null || output.Length == 0)
        {
            return ToolVerdict.Ok;
        }

        // Prose is a result ("18 °C, sunny") unless it begins or reads like a failure; tools of a role return rows, or say that it is done.
        var failure = (ToolRole.IsKnown(toolName) && !s_done.Contains(FirstWord(output)))
            || s_failed.Any(word => output.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            || s_denied.Concat(s_cancelled).Any(word => output.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            || Has(output, s_timedOut)
            || Has(output, ["must be", "is required", "not valid", "invalid", "was denied", "was cancelled", "was canceled", "bad argument"]);
        return failure ? Kind(output) : ToolVerdict.Ok;
    }

    private static string FirstWord(string output) => string.Concat(output.TrimStart().TakeWhile(char.IsLetter));

    private static ToolVerdict Kind(string output) =>
        Has(output, s_timedOut) ? ToolVerdict.TimedOut
        : Has(output, s_cancelled) ? ToolVerdict.Cancelled
        : Has(output, s_denied) ? ToolVerdict.Denied
        : Has(output, s_badArgument) ? ToolVerdict.BadArgument
        : ToolVerdict.Failed;

    private static bool Has(string text, string[] words) =>
        words.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
}
