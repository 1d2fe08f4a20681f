using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Components.Chat.Approvals;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Runs;
using Copilot.Web.Sessions;

namespace Copilot.Web.Components.Supervision;

/// <summary>The arguments of a call that waits for a person, as a form that may change them.</summary>
public sealed class CallEdit
{
    /// <summary>The form of a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="unchanged">Arguments that follow from others: shown, not asked for.</param>
    public CallEdit(PendingApproval call, IReadOnlyList<string> unchanged)
    {
        Call = call;
        Unchanged = unchanged;
        Fields = ApprovalArguments.Read(call.Arguments);
        Texts = [.. (Fields ?? []).Select(field => field.Text)];
    }

    /// <summary>The call.</summary>
    public PendingApproval Call { get; }

    /// <summary>Arguments that nobody is asked to change.</summary>
    public IReadOnlyList<string> Unchanged { get; }

    /// <summary>The arguments; null where they are no object, and are shown as they came.</summary>
    internal IReadOnlyList<ArgumentField>? Fields { get; }

    /// <summary>What the form holds, by field.</summary>
    public string[] Texts { get; }

    /// <summary>All of it as text, for what is no object.</summary>
    public string Raw => JsonFormat.Indent(Call.Arguments);

    /// <summary>
    /// True where a person may write other arguments. Not for an MCP server's call, and not for what is longer than a message of the
    /// circuit may be.
    /// </summary>
    public bool CanEdit => Fields is { Count: > 0 } && Call.ServerLabel is null && Fields.All(one => one.Text.Length <= ChatCommands.MaxTextLength);

    /// <summary>True for a field that may be changed.</summary>
    public bool CanChange(int index) => CanEdit && !Unchanged.Contains(Fields![index].Name);

    /// <summary>The changed arguments as JSON, or what is wrong with them; both null where nothing was changed.</summary>
    public (string? Json, FieldProblem? Problem) Write() =>
        !CanEdit || Fields!.Select(one => one.Text).SequenceEqual(Texts) ? (null, null) : ApprovalArguments.Write(Fields!, Texts);
}
