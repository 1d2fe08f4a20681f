using Copilot.Domain.Costs;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Runs.Actor;

/// <summary>What a run's responses cost, recorded as they end with the prices of that moment: a later change of prices changes no past run.</summary>
internal sealed partial class RunActor
{
    private string? _answeringModel;

    /// <summary>Records what a response cost once it has told its usage. Comes right after its terminal event, so it is committed before the next step.</summary>
    private void RecordCost(ResponseEvent received, string askedModel)
    {
        if (received is not ResponseLifecycleEvent lifecycle)
        {
            return;
        }

        _answeringModel = lifecycle.Response.Model ?? _answeringModel;
        if (lifecycle is { IsTerminal: true, Response: { Usage: { } usage } response })
        {
            RecordCost(CostSubject.Response, response.Id, _answeringModel, askedModel, usage);
            _answeringModel = null;
        }
    }

    /// <summary>Records what was paid for a call upstream. Nothing, where no model has a price.</summary>
    /// <param name="of">What it is.</param>
    /// <param name="responseId">The upstream's id of it, or null.</param>
    /// <param name="model">The model that answered, where it said so.</param>
    /// <param name="askedModel">The model that was asked for; its price counts where the other has none.</param>
    /// <param name="usage">What was used.</param>
    private void RecordCost(CostSubject of, string? responseId, string? model, string askedModel, ResponseUsage usage)
    {
        if (_prices.IsEmpty)
        {
            return;
        }

        var price = _prices.Find(model, askedModel);
        Recorder.Record(new CostRecorded(
            of,
            responseId,
            model ?? askedModel,
            _prices.Currency,
            price?.Micros(usage),
            price,
            // Only a response tells how long the next input is at least; a conversation that was made shorter does not.
            of is CostSubject.Response ? price?.MicrosOfNextAtLeast(usage) : price is null ? null : 0,
            usage));
        if (price is null)
        {
            LogNoPrice(Summary.RunId, model ?? askedModel);
        }
    }

    /// <summary>A crash may have come between a response's end and the record of its cost.</summary>
    private void RecordMissedCost(string askedModel)
    {
        if (Recorder.UncostedResponse is { Usage: { } usage } response)
        {
            RecordCost(CostSubject.Response, response.Id, response.Model, askedModel, usage);
        }
    }

    /// <summary>The cost as it is after the end: a request that it cuts has an unknown one.</summary>
    private EndCost CostAtEnd(RunEnd end)
    {
        var cost = RunCostFold.AfterEnd(Summary.CostSoFar, isCancelled: end is RunEnd.Cancelled);
        return new EndCost(cost.IsUnknown ? null : cost.Micros, cost.Currency, cost.IsPartial);
    }

    [LoggerMessage(LogLevel.Warning, "Run {RunId} was answered by {Model}, which has no price: its cost is unknown, and no budget counts it. Add the model to Prices")]
    private partial void LogNoPrice(string runId, string model);
}
