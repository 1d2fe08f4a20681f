using Copilot.Domain.Audit.Chains;

namespace Copilot.Domain.Audit;

/// <summary>A chain as it is stored at one moment; what is written meanwhile is not in it.</summary>
/// <param name="facts">What is known beside its rows.</param>
/// <param name="rows">Its rows, by place.</param>
/// <param name="close">Lets go of the moment.</param>
public sealed class AuditedChain(ChainFacts facts, IAsyncEnumerable<ChainLink> rows, Func<ValueTask> close) : IAsyncDisposable
{
    /// <summary>What is known beside its rows.</summary>
    public ChainFacts Facts => facts;

    /// <summary>Its rows, by place; read once.</summary>
    public IAsyncEnumerable<ChainLink> Rows => rows;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => close();
}
