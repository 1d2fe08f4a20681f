using System.Globalization;
using System.Text.Json;
using Copilot.Domain.Erasure;

namespace Copilot.Web.Components;

/// <summary>Forgetting in words for people.</summary>
internal static class ForgettingWords
{
    private static readonly CultureInfo s_culture = CultureInfo.GetCultureInfo("en-GB");

    /// <summary>How far a forgetting is, in a sentence or two.</summary>
    public static string Progress(ErasureRequest entry, TimeZoneInfo zone)
    {
        var problem = entry.Problem is { } words ? " " + words : "";
        return entry.State switch
        {
            ErasureState.Requested => "This conversation is being forgotten." + problem,
            ErasureState.Erasing =>
                $"This conversation is being forgotten: {entry.Counts.RunsErased} of {Count(entry.Counts.Runs, "run")} removed.{problem}",
            ErasureState.Verifying =>
                $"Nothing of it is left here. The upstream has yet to prove that it forgot {Count(entry.Counts.Pending + entry.Counts.Failed, "response")}."
                + (entry.Counts.Failed > 0 ? " It does not manage to; it is tried on." : ""),
            ErasureState.Forgotten =>
                $"Forgotten on {Moment(entry.FinishedAt ?? entry.RequestedAt, zone)}, and proven for {Count(entry.Counts.Verified, "response")} of the upstream.",
            _ => $"Forgotten here on {Moment(entry.ErasedAt ?? entry.RequestedAt, zone)}. Of {Count(entry.Counts.Unproven, "request")} nobody knows what the upstream kept.",
        };
    }

    /// <summary>A state in two words.</summary>
    public static string State(ErasureRequest entry) => entry.State switch
    {
        ErasureState.Requested => "Waiting",
        ErasureState.Erasing => "Removing here",
        ErasureState.Verifying => entry.Counts.Failed > 0 ? "Not proven" : "Proving",
        ErasureState.Forgotten => "Forgotten",
        _ => "Forgotten, not provable",
    };

    /// <summary>Who or what asked.</summary>
    public static string Asked(ErasureRequest entry) => entry switch
    {
        { Rule: { } rule } => rule,
        { RequestedBy: { } actor } => actor.Id == entry.Owner.UserId ? "Owner" : actor.Role,
        _ => "Nobody",
    };

    /// <summary>What the proof of a response is.</summary>
    public static string Proof(ErasedResponse response) => response.Proof switch
    {
        ErasureProof.DeletedUpstream => "Stored: deleted, then asked for",
        ErasureProof.SocketClosed => $"Not stored: its socket ended ({response.SocketEnd}{(response.CloseCode is { } code ? $", {code}" : "")})",
        ErasureProof.HttpNotStored => "Not stored: sent with store:false over HTTP",
        _ => "None can be had",
    };

    /// <summary>Where the proof of a response is.</summary>
    public static string State(ErasedResponse response) => response.State switch
    {
        ErasureProofState.Verified => "Proven",
        ErasureProofState.Pending => "Pending",
        ErasureProofState.Failed => "Failed",
        _ => "Unproven",
    };

    /// <summary>A day and an hour.</summary>
    public static string Moment(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("d MMM yyyy, HH:mm", s_culture);

    /// <summary>A state as scripts and tests read it.</summary>
    public static string Wire(ErasureState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
