using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Sessions;

namespace Copilot.Tests.Sessions;

public sealed class RenderCoalescerTests
{
    [Fact]
    public async Task Request_ManyDuringADrawing_MakeOneMore()
    {
        var drawings = 0;
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var redrawing = new RenderCoalescer(() =>
        {
            drawings++;
            begun.TrySetResult();
            return go.Task;
        });

        redrawing.Request();
        await begun.Task.Soon("the first drawing begins");
        redrawing.Request();
        redrawing.Request();
        redrawing.Request();
        go.SetResult();
        await redrawing.DisposeAsync().AsTask().Soon("the drawings end");

        Assert.Equal(2, drawings);
    }

    [Fact]
    public async Task Dispose_WhileItDraws_WaitsAndNothingIsDrawnAfterwards()
    {
        var drawings = 0;
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var redrawing = new RenderCoalescer(() =>
        {
            drawings++;
            begun.TrySetResult();
            return go.Task;
        });
        redrawing.Request();
        await begun.Task.Soon("the drawing begins");

        var disposal = redrawing.DisposeAsync().AsTask();
        Assert.False(disposal.IsCompleted);
        go.SetResult();
        await disposal.Soon("the disposal ends");
        redrawing.Request();

        Assert.Equal(1, drawings);
    }

    [Fact]
    public async Task Dispose_AfterADrawingFailed_SaysSo()
    {
        var redrawing = new RenderCoalescer(() => throw new InvalidOperationException("broken"));

        redrawing.Request();

        await Assert.ThrowsAsync<InvalidOperationException>(() => redrawing.DisposeAsync().AsTask().Soon("the disposal ends"));
    }
}
