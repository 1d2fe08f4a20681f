using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Sessions;

namespace Copilot.Tests.Sessions;

public sealed class RenderCoalescerTests
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _drawings;

    [Fact]
    public async Task Request_ManyDuringADrawing_MakeOneMore()
    {
        var redrawing = new RenderCoalescer(DrawAsync);
        redrawing.Request();
        await _begun.Task.Soon("the first drawing begins");
        redrawing.Request();
        redrawing.Request();
        redrawing.Request();
        _go.SetResult();
        await redrawing.DisposeAsync().AsTask().Soon("the drawings end");

        Assert.Equal(2, _drawings);
    }

    [Fact]
    public async Task Dispose_WhileItDraws_WaitsAndNothingIsDrawnAfterwards()
    {
        var redrawing = new RenderCoalescer(DrawAsync);
        redrawing.Request();
        await _begun.Task.Soon("the drawing begins");

        var disposal = redrawing.DisposeAsync().AsTask();
        Assert.False(disposal.IsCompleted);
        _go.SetResult();
        await disposal.Soon("the disposal ends");
        redrawing.Request();

        Assert.Equal(1, _drawings);
    }

    [Fact]
    public async Task Dispose_AfterADrawingFailed_SaysSo()
    {
        var redrawing = new RenderCoalescer(() => throw new InvalidOperationException("broken"));

        redrawing.Request();

        await Assert.ThrowsAsync<InvalidOperationException>(() => redrawing.DisposeAsync().AsTask().Soon("the disposal ends"));
    }

    // A drawing that takes until the test lets it go.
    private Task DrawAsync()
    {
        _drawings++;
        _begun.TrySetResult();
        return _go.Task;
    }
}
