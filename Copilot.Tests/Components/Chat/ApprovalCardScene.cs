using Copilot.Web.Runs;
using AngleSharp.Dom;
using Bunit;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;
using Copilot.Web.Components.Chat.Approvals;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Components.Chat;

/// <summary>The card of a call that waits, and the choices that were made at it.</summary>
public abstract class ApprovalCardScene : BunitContext
{
    private protected const string Arguments = """{"part_name":"Cooling pump","quantity":2,"urgent":true,"note":null,"lines":[1,2]}""";

    private protected readonly List<ApprovalChoice> _choices = [];
    private protected readonly ApprovalDrafts _drafts;
    private protected CommandResult _result = CommandResult.Done;

    protected ApprovalCardScene()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton(TimeProvider.System);
        _drafts = new ApprovalDrafts(choice =>
        {
            _choices.Add(choice);
            return Task.FromResult(_result);
        })
        {
            CanDecide = true,
        };
    }

    private protected IRenderedComponent<ApprovalCard> Described(CallDescription description)
    {
        var drafts = new ApprovalDrafts(choice =>
        {
            _choices.Add(choice);
            return Task.FromResult(_result);
        })
        {
            CanDecide = true,
            Agent = "Copilot",
            Requester = _drafts.Requester,
            Describe = (_, _) => Task.FromResult(description),
        };
        return Render<ApprovalCard>(with => with
            .AddCascadingValue(drafts)
            .Add(one => one.Approval, new WaitingApproval("call_1", "orders_place", Arguments, null, DateTimeOffset.UnixEpoch, TimeSpan.FromMinutes(30))));
    }

    private protected IRenderedComponent<ApprovalCard> Card(string arguments = Arguments, string? server = null) => Render<ApprovalCard>(with => with
        .AddCascadingValue(_drafts)
        .Add(one => one.Approval, new WaitingApproval("call_1", "orders_place", arguments, server, DateTimeOffset.UnixEpoch, TimeSpan.FromMinutes(30))));

    private protected static IEnumerable<string> Buttons(IRenderedComponent<ApprovalCard> card) =>
        card.FindAll(".choices button").Select(button => button.TextContent);

    private protected static IElement Button(IRenderedComponent<ApprovalCard> card, string name) =>
        card.FindAll("button").Single(button => button.TextContent == name);
}
