using System.Globalization;
using System.Text.Json;
using Copilot.Domain.Erasure;
using Copilot.Domain.Erasure.Records;
using Copilot.Web.Files;

namespace Copilot.Web.Components;

/// <summary>What is said about deleting content: progress, the deletion record, the dialog and the admin page.</summary>
internal static class ErasureText
{
    public const string Title = "Data deletion";
    public const string Record = "Deletion record";
    public const string Details = "Details";
    public const string TryAgain = "Try again";
    public const string ShowOlder = "Show older";

    // The admin page.
    public const string AdminsOnly = "This page is for admins";
    public const string AdminsOnlyDetails = "If you own a conversation, you can follow its deletion in the conversation itself.";
    public const string GoToConversations = "Go to your conversations";
    public const string Loading = "Loading deletions";
    public const string EmptyTitle = "Nothing has been deleted yet";
    public const string SomebodyGone = "a person who has left";
    public const string Empty =
        "People delete a conversation from its menu, and old ones are deleted automatically when Retention:Days is set. Each deletion is listed here with its record.";
    public const string ColumnConversation = "Conversation";
    public const string ColumnRequestedBy = "Requested by";
    public const string ColumnRequestedAt = "Requested at";
    public const string ColumnState = "State";
    public const string ColumnRuns = "Runs";
    public const string ColumnResponses = "Responses";
    public const string ColumnActions = "Actions";
    public const string NoRetention = "Where no rule under Retention says otherwise, nothing is deleted automatically: Retention:Days is not set.";
    public const string None = "none";
    public const string Deleted = "Deleted";

    // The deletion record.
    public const string LoadingRecord = "Loading the deletion record…";
    public const string NoRuns = "No runs have been recorded yet.";
    public const string NotDeletedYet = "not deleted yet.";
    public const string ChainHead = "Chain head";
    public const string NoId = "no id";
    public const string ChainBrokenBefore = "Its checksum chain was already broken before anything was deleted.";
    public const string ChainHolds = "Its checksum chain is intact.";
    public const string ChainBroken = "Its checksum chain is broken.";
    public const string ChainHeldBefore = "Its checksum chain was intact before.";

    // The menu and the dialog.
    public const string DeleteItem = "Delete…";
    public const string RemoveItem = "Remove from list";
    public const string Whole = "The whole conversation";
    public const string WholeDetails = "It leaves your list at once.";
    public const string ContentOnly = "Only what is in it";
    public const string ContentOnlyDetails = "An empty entry stays in your list.";
    public const string ConversationDeleted = "Deleted.";
    public const string ContentDeleted = "The content is being deleted.";
    public const string DeleteContent = "Delete content";
    public const string Delete = "Delete";
    public const string DeleteTitle = "Delete conversation";
    public const string Cancel = "Cancel";
    public const string FactHere = "Questions, answers, tool calls, files and the title are deleted. A run in progress is stopped first.";
    public const string FactProvider = "What the model provider has stored is deleted there too, and we check that it is gone.";
    public const string FactForks = "Conversations in which it was run again are deleted with it.";
    public const string FactRecord = "Times, counts and checksums are retained as the deletion record.";

    // In the conversation.
    public const string BeingDeleted = "This conversation is being deleted";
    public const string MessageDeleted = "(This message was deleted.)";

    public const string Checks = "What was checked";

    private static readonly CultureInfo s_culture = CultureInfo.GetCultureInfo("en-GB");

    /// <summary>What the dialog asks.</summary>
    public static string Question(string title) => $"What should be deleted of “{title}”? You can undo it for some seconds afterwards.";

    /// <summary>The rule that deletes old conversations.</summary>
    public static string Retention(int days) => $"Where no rule under Retention says otherwise, conversations are deleted automatically {days} days after their last activity (Retention:Days).";

    /// <summary>What stands in the place of a run that was deleted.</summary>
    public static string RunDeleted(DateTimeOffset at, TimeZoneInfo zone, long events) =>
        $"This answer was deleted on {Moment(at, zone)}. Timestamps and checksums of its {events} events are retained.";

    /// <summary>How large a run was, and whether it has been deleted.</summary>
    public static string RunSize(ErasedRun run, TimeZoneInfo zone) =>
        $"{run.Events} events, {FileSize.Format(run.Bytes)}, {(run.ErasedAt is { } erased ? $"deleted on {Moment(erased, zone)}." : NotDeletedYet)}";

    /// <summary>How far a deletion is, in a sentence or two.</summary>
    public static string Progress(ErasureRequest entry, TimeZoneInfo zone)
    {
        var problem = entry.Problem is { } sentence ? " " + sentence : "";
        return entry.State switch
        {
            ErasureState.Requested => BeingDeleted + "." + problem,
            ErasureState.Erasing =>
                $"{BeingDeleted}: {entry.Counts.RunsErased} of {Count(entry.Counts.Runs, "run")} done.{problem}",
            ErasureState.Verifying =>
                $"Deleted here. Waiting for the provider to confirm it deleted {Count(entry.Counts.Pending + entry.Counts.Failed, "response")}."
                + (entry.Counts.Failed > 0 ? " The last try failed; we'll keep retrying." : ""),
            ErasureState.Forgotten =>
                $"Deleted on {Moment(entry.FinishedAt ?? entry.RequestedAt, zone)}, and confirmed for {Count(entry.Counts.Verified, "response")} of the provider.",
            _ => $"Deleted here on {Moment(entry.ErasedAt ?? entry.RequestedAt, zone)}. We can't confirm what the provider kept for {Count(entry.Counts.Unproven, "request")}.",
        };
    }

    /// <summary>A state in two words.</summary>
    public static string State(ErasureRequest entry) => entry.State switch
    {
        ErasureState.Requested => "Waiting",
        ErasureState.Erasing => "Deleting here",
        ErasureState.Verifying => entry.Counts.Failed > 0 ? "Not confirmed yet" : "Confirming",
        ErasureState.Forgotten => Deleted,
        _ => "Deleted, not confirmed",
    };

    /// <summary>Whose conversation it was; its title is gone with it.</summary>
    public static string ConversationOf(string person) => $"A conversation of {person}";

    /// <summary>Who or what asked.</summary>
    public static string Asked(ErasureRequest entry, string person) => entry switch
    {
        { Rule: { } rule } => rule,
        { Cause: ErasureCause.Fork } => "With the run that it was forked from",
        { RequestedBy: not null, Cause: ErasureCause.Deletion } => person + " (whole conversation)",
        { RequestedBy: not null } => person + " (its content)",
        _ => "Unknown",
    };

    /// <summary>How the deletion of a response is proven.</summary>
    public static string Proof(ErasedResponse response) => response.Proof switch
    {
        ErasureProof.DeletedUpstream => "Stored: deleted, then checked that it is gone",
        ErasureProof.SocketClosed => $"Not stored: its connection ended ({response.SocketEnd}{(response.CloseCode is { } code ? $", {code}" : "")})",
        ErasureProof.HttpNotStored => "Not stored: sent with store:false over HTTP",
        _ => "No proof available",
    };

    /// <summary>How far the proof for a response is.</summary>
    public static string State(ErasedResponse response) => response.State switch
    {
        ErasureProofState.Verified => "Confirmed",
        ErasureProofState.Pending => "Pending",
        ErasureProofState.Failed => "Failed",
        _ => "Not confirmed",
    };

    /// <summary>What is checked about a deletion.</summary>
    public static string Check(ErasureCheckKind kind) => kind switch
    {
        ErasureCheckKind.ChainVerifiedBefore => "Checksums verified before anything was deleted",
        ErasureCheckKind.ContentGone => "Read again afterwards: no content is left, and checksums verify",
        ErasureCheckKind.DatabaseFileCleaned => "Overwritten in the database file",
        _ => "Gone at the model provider",
    };

    /// <summary>How a check came out.</summary>
    public static string Passed(ErasureCheck check) => check.Passed switch
    {
        true => "Yes.",
        false => "No.",
        null => "Not yet.",
    };

    /// <summary>A day and an hour.</summary>
    public static string Moment(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("d MMM yyyy, HH:mm", s_culture);

    /// <summary>A state as scripts and tests read it.</summary>
    public static string Wire(ErasureState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());

    /// <summary>The responses of a deletion by how far their proof is.</summary>
    public static string Responses(ErasureCounts counts)
    {
        var parts = new List<string>();
        Add(counts.Verified, "confirmed");
        Add(counts.Pending, "pending");
        Add(counts.Failed, "failed");
        Add(counts.Unproven, "not confirmed");
        return parts.Count == 0 ? None : string.Join(", ", parts);

        void Add(int count, string what)
        {
            if (count > 0)
            {
                parts.Add($"{count} {what}");
            }
        }
    }

    /// <summary>What deleting and looking for a stored response was answered with.</summary>
    public static string Answers(ErasedResponse response) => string.Create(
        CultureInfo.InvariantCulture,
        $"DELETE {Status(response.DeleteStatus, "no answer")}, GET {Status(response.GetStatus, "not sent")}, {(response.Attempts == 1 ? "1 try" : $"{response.Attempts} tries")}");

    /// <summary>When a response's deletion is tried again.</summary>
    public static string NextTry(DateTimeOffset at, TimeZoneInfo zone) => $"Next try at {Moment(at, zone)}.";

    /// <summary>Whether a run's chain of checksums survived its deletion.</summary>
    public static string Chain(ErasedRun run) => run switch
    {
        { ChainHeldBefore: false } => ChainBrokenBefore,
        { ChainHoldsAfter: true } => ChainHolds,
        { ChainHoldsAfter: false } => ChainBroken,
        _ => ChainHeldBefore,
    };

    private static string Status(int? status, string none) => status?.ToString(CultureInfo.InvariantCulture) ?? none;

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
