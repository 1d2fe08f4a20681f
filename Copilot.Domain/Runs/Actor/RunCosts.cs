using Copilot.Domain.Costs;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Summaries;
using Microsoft.Extensions.Logging;

namespace Copilot.Domain.Runs.Actor;

/// <summary>What a run's responses cost, recorded as they end with the prices of that moment: a later change of prices changes no past run.</summary>
internal sealed partial class RunCosts(RunRecorder recorder, PriceTable prices, ILogger logger)
{
    private string? _answeringModel;

    /// <summary>Records what a response cost once it has reported its usage. Comes right after its terminal event, so it is committed before the next step.</summary>
    public void RecordResponse(ResponseEvent received, string askedModel)
    {
        if (received is not ResponseLifecycleEvent lifecycle)
        {
            return;
        }

        _answeringModel = lifecycle.Response.Model ?? _answeringModel;
        if (lifecycle is { IsTerminal: true, Response: { Usage: { } usage } response })
        {
            Record(CostSubject.Response, response.Id, _answeringModel, askedModel, usage);
            _answeringModel = null;
        }
    }

    /// <summary>Records what was paid for a call upstream. Nothing, where no model has a price.</summary>
    /// <param name="of">What it is.</param>
    /// <param name="responseId">The upstream's id of it, or null.</param>
    /// <param name="model">The model that answered, where it said so.</param>
    /// <param name="askedModel">The model that was asked for; its price counts where the other has none.</param>
    /// <param name="usage">What was used.</param>
    public void Record(CostSubject of, string? responseId, string? model, string askedModel, ResponseUsage usage)
    {
        if (prices.IsEmpty)
        {
            return;
        }

        var price = prices.Find(model, askedModel);
        recorder.Record(new CostRecorded(
            of,
            responseId,
            model ?? askedModel,
            prices.Currency,
            price?.Micros(usage),
            price,
            // Only a response tells how long the next input is at least; a conversation that was made shorter does not.
            of is CostSubject.Response ? price?.MicrosOfNextAtLeast(usage) : price is null ? null : 0,
            usage));
        if (price is null)
        {
            LogNoPrice(recorder.Summary.RunId, model ?? askedModel);
        }
    }

    /// <summary>Records what a crash cut off: the cost of a response that had ended before it.</summary>
    public void RecordMissed(string askedModel)
    {
        if (recorder.UncostedResponse is { Usage: { } usage } response)
        {
            Record(CostSubject.Response, response.Id, response.Model, askedModel, usage);
        }
    }

    /// <summary>The cost as it is after the end: a request that it cuts has an unknown one.</summary>
    public EndCost AtEnd(bool isCancelled)
    {
        var cost = RunCostFold.AfterEnd(recorder.Summary.CostSoFar, isCancelled);
        return new EndCost(cost.IsUnknown ? null : cost.Micros, cost.Currency, cost.IsPartial);
    }

    [LoggerMessage(LogLevel.Warning, "Run {RunId} was answered by {Model}, which has no price: its cost is unknown, and no budget counts it. Add the model to Prices")]
    private partial void LogNoPrice(string runId, string model);
}
