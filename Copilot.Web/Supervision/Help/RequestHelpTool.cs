using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Copilot.Domain.Tools;

namespace Copilot.Web.Supervision.Help;

/// <summary>What the agent says when it asks for a person.</summary>
/// <param name="Reason">Why a person is needed.</param>
internal sealed record RequestHelpArguments(
    [Description("Why a person is needed, in one or two sentences for the supervisor who reads it, in the language of the conversation."),
     StringLength(HelpRequests.MaxReasonLength, MinimumLength = 1)] string Reason);

/// <summary>The agent's way to a person: asks the supervisors for help in its run, and tells the model whether somebody helps.</summary>
internal sealed class RequestHelpTool(HelpRequests requests) : Tool<RequestHelpArguments>
{
    /// <inheritdoc/>
    public override ToolDefinition Definition { get; } =
        Define(
            "request_help",
            "Asks a human supervisor to help in this conversation. Call it once when the person asks for a human or is angry, or when you "
            + "cannot go on without one. It does not end the conversation: say that a supervisor was asked, and go on with what you can do.") with
        {
            Title = "Ask a supervisor for help",
            Idempotent = true,
            Parallel = true,
        };

    /// <inheritdoc/>
    protected override async Task<ToolResult> InvokeAsync(ToolContext context, RequestHelpArguments arguments, CancellationToken cancellationToken)
    {
        var result = await requests.RequestAsync(context.UserId, context.RunId, arguments.Reason, context.CallId, cancellationToken);
        if (!result.Accepted)
        {
            throw new ToolException($"No supervisor could be asked: {result.Problem}");
        }

        var helper = requests.Find(context.RunId)?.Helper?.Name;
        return ToolResult.Ok(JsonSerializer.Serialize(new { status = helper is null ? "asked" : "accepted", supervisor = helper }));
    }
}
