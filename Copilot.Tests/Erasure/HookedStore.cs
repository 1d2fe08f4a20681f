using System.Reflection;
using System.Runtime.ExceptionServices;
using Copilot.Domain.Erasure;

namespace Copilot.Tests.Erasure;

/// <summary>The real store, with something before each batch that is removed.</summary>
public class HookedStore : DispatchProxy
{
    private IErasureStore _store = null!;
    private Func<int, Task> _beforeBatch = null!;
    private int _batches;

    public static IErasureStore Over(IErasureStore store, Func<int, Task> beforeBatch)
    {
        var proxy = Create<IErasureStore, HookedStore>();
        ((HookedStore)(object)proxy)._store = store;
        ((HookedStore)(object)proxy)._beforeBatch = beforeBatch;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name == nameof(IErasureStore.EraseEventsAsync) ? EraseAsync(targetMethod, args) : Call(targetMethod, args);

    private async Task<long?> EraseAsync(MethodInfo method, object?[]? args)
    {
        await _beforeBatch(++_batches);
        return await (Task<long?>)Call(method, args)!;
    }

    private object? Call(MethodInfo method, object?[]? args)
    {
        try
        {
            return method.Invoke(_store, args);
        }
        catch (TargetInvocationException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerException!);
            throw;
        }
    }
}
