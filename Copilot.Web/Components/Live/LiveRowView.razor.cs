using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Supervision;
using Copilot.Domain.Timeline.Text;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Supervision;
using Microsoft.AspNetCore.Components;

namespace Copilot.Web.Components.Live;

/// <summary>One run of the wall.</summary>
public sealed partial class LiveRowView : ComponentBase
{
    private (LiveRow? Row, bool IsPinned, bool IsPeeked, int? Position, int? SetSize) _drawn;

    /// <summary>The run.</summary>
    [Parameter, EditorRequired]
    public required LiveRow Row { get; set; }

    /// <summary>What tools are called.</summary>
    [Parameter, EditorRequired]
    public required TimelineNames Names { get; set; }

    /// <summary>Whether the viewer has pinned it.</summary>
    [Parameter]
    public bool IsPinned { get; set; }

    /// <summary>Whether the panel beside the list shows it.</summary>
    [Parameter]
    public bool IsPeeked { get; set; }

    /// <summary>Whether nobody can press anything here.</summary>
    [Parameter]
    public bool IsWallboard { get; set; }

    /// <summary>Its place in the whole list, from 1, where not all rows are drawn.</summary>
    [Parameter]
    public int? Position { get; set; }

    /// <summary>How many rows there are, where not all are drawn.</summary>
    [Parameter]
    public int? SetSize { get; set; }

    private string Tone => Row switch
    {
        { Assessment.Group: AttentionGroup.NeedsPerson } or { Run.Status: RunStatus.Failed } => "danger",
        { Assessment.Group: AttentionGroup.InTrouble } => "warn",
        { Assessment.Group: AttentionGroup.Working } => "work",
        _ => "quiet",
    };

    private string Says => Row.Run switch
    {
        { ActiveTools: [.., { Intent: { Length: > 0 } intent }] } => VisibleText.Of(intent, oneLine: true),
        { PendingApprovals: [{ Intent: { Length: > 0 } intent }, ..] } => VisibleText.Of(intent, oneLine: true),
        { Status: RunStatus.Failed, Error: { } error } => error.Message,
        _ when Row.Excerpt is { Length: > 0 } excerpt => excerpt,
        { Refusal: { Length: > 0 } refusal } => VisibleText.Of(refusal, oneLine: true),
        { Input: { Length: > 0 } question } => LiveText.Asked(VisibleText.Of(question, oneLine: true)),
        _ => "",
    };

    private IEnumerable<string> Facts
    {
        get
        {
            if (Row.Run.Transport is { } transport)
            {
                yield return LiveText.Transport(transport, Row.Run.TransportReason);
            }

            if (Row.Run.Usage.InputTokens + Row.Run.Usage.OutputTokens is > 0 and var tokens)
            {
                yield return LiveText.Tokens(tokens);
            }

            if (CostText.Rounded(Row.Run.CostSoFar) is { Length: > 0 } cost)
            {
                yield return cost;
            }

            if (Row.ContextShare is { } share)
            {
                yield return LiveText.Context(share);
            }
        }
    }

    /// <inheritdoc/>
    protected override bool ShouldRender()
    {
        var next = (Row, IsPinned, IsPeeked, Position, SetSize);
        if (ReferenceEquals(_drawn.Row, Row) && _drawn == next)
        {
            return false;
        }

        _drawn = next;
        return true;
    }

    private static long? Milliseconds(TimeSpan deadline) => deadline > TimeSpan.Zero ? (long)deadline.TotalMilliseconds : null;
}
