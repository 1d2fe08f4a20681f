using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Responses.Transports;

namespace Copilot.Bench.Recording;

/// <summary>
/// A tool-calling conversation with the product's own session and transports, and nothing else around them: every call is
/// answered at once with the same text, until the model makes no more calls.
/// </summary>
internal sealed class ToolLoop(ResponseSettings settings, IReadOnlyList<InputItem> opening, string toolOutput)
{
    private readonly ResponsesSession _session = new();
    private readonly List<InputItem> _input = [.. opening];

    /// <summary>Called with every event.</summary>
    public Action<ResponseEvent> OnEvent { get; init; } = static _ => { };

    /// <summary>Called with every request before it is sent.</summary>
    public Action<ResponsePlan> OnRequest { get; init; } = static _ => { };

    /// <summary>Runs until the final answer.</summary>
    /// <param name="transportForStep">Returns the transport for the next response; the caller owns and disposes it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>How many responses it took.</returns>
    public async Task<int> RunAsync(Func<Task<IResponsesTransport>> transportForStep, CancellationToken cancellationToken)
    {
        for (var responses = 1; ; responses++)
        {
            if (await RespondAsync(await transportForStep(), cancellationToken) == 0)
            {
                return responses;
            }
        }
    }

    private async Task<int> RespondAsync(IResponsesTransport transport, CancellationToken cancellationToken)
    {
        var plan = _session.Plan(transport, settings, _input);
        OnRequest(plan);
        var output = new List<OutputItem>();
        ResponseLifecycleEvent? completed = null;
        await foreach (var received in transport.CreateResponseAsync(plan.Prepared, cancellationToken))
        {
            OnEvent(received);
            switch (received)
            {
                case OutputItemEvent { Done: true } done:
                    output.Add(done.Item);
                    break;
                case ResponseLifecycleEvent { Response.Status: ResponseStatus.Completed } last:
                    completed = last;
                    break;
                case { IsTerminal: true }:
                    throw new InvalidOperationException($"The demo upstream ended a response with {received.Type}.");
            }
        }

        var items = output.Select(item => OutputToInput.From(item, settings.Store)).OfType<InputItem>().ToList();
        _session.Completed(completed!.Response.Id, items);
        _input.AddRange(items);
        var calls = output.Where(item => item.Type == "function_call").ToList();
        _input.AddRange(calls.Select(call => InputItem.FunctionCallOutput(call.CallId!, toolOutput)));
        return calls.Count;
    }
}
