using Copilot.Tests.Shared.Clock;
using Copilot.Web.Components;
using Microsoft.JSInterop;

namespace Copilot.Tests.Components;

public sealed class ScriptModuleTests
{
    private const string Import = "import ./part.js";

    private readonly Browser _browser = new();
    private readonly ScriptModule _script;

    public ScriptModuleTests() => _script = new ScriptModule(_browser, "./part.js");

    public static TheoryData<string, bool> GoneAt => new()
    {
        { Import, true },
        { Import, false },
        { "module.copy(words)", true },
        { "module.copy(words)", false },
    };

    [Fact]
    public async Task Calls_MountedPart_GoWhereTheyBelongAfterOneImport()
    {
        Assert.False(_script.IsMounted);
        await _script.InvokeMountedAsync("show", "early");

        Assert.True(await _script.MountAsync("form", 7));
        await _script.InvokeMountedAsync("show", "draft");
        Assert.True(await _script.InvokeVoidAsync("copy", "words"));
        Assert.Equal("Europe/Berlin", await _script.InvokeAsync<string>("timeZone"));

        Assert.True(_script.IsMounted);
        Assert.Equal([Import, "module.mount(form, 7)", "mounted.show(draft)", "module.copy(words)", "module.timeZone()"], _browser.Calls);
    }

    [Fact]
    public async Task Calls_BeforeAndWhileItMounts_ComeInOrderOnceItHas()
    {
        var mount = _browser.Hold("module.mount()");
        await _script.InvokeOnceMountedAsync("takeBack", "first");
        var mounting = _script.MountAsync();
        await _script.InvokeOnceMountedAsync("takeBack", "second");

        mount.SetResult();

        Assert.True(await mounting.Soon("the mount"));
        await _script.InvokeOnceMountedAsync("takeBack", "third");
        Assert.Equal(
            [Import, "module.mount()", "mounted.takeBack(first)", "mounted.takeBack(second)", "mounted.takeBack(third)"], _browser.Calls);
    }

    [Fact]
    public async Task Dispose_MountedPart_DisposesBothAndCallsNothingMore()
    {
        var component = _script.ReferenceTo(this);
        await _script.MountAsync();
        Assert.Same(component, _script.ReferenceTo(this));

        await _script.DisposeAsync();

        Assert.Throws<ObjectDisposedException>(() => component.Value);
        await _script.InvokeMountedAsync("show", "late");
        Assert.False(await _script.InvokeVoidAsync("copy", "words"));
        Assert.False(_script.IsMounted);
        Assert.Equal([Import, "module.mount()", "mounted.dispose()", "mounted is released", "module is released"], _browser.Calls);
    }

    [Fact]
    public async Task Dispose_WhileItLoads_ReleasesTheModuleAndMountsNothing()
    {
        var file = _browser.Hold(Import);
        var mounting = _script.MountAsync();

        await _script.DisposeAsync();
        file.SetResult();

        Assert.False(await mounting.Soon("the mount"));
        Assert.Equal([Import, "module is released"], _browser.Calls);
    }

    [Fact]
    public async Task Dispose_WhileItMounts_DisposesWhatWasMounted()
    {
        var mount = _browser.Hold("module.mount()");
        var mounting = _script.MountAsync();

        await _script.DisposeAsync();
        mount.SetResult();

        Assert.False(await mounting.Soon("the mount"));
        Assert.Equal([Import, "module.mount()", "module is released", "mounted.dispose()", "mounted is released"], _browser.Calls);
    }

    [Fact]
    public async Task Invoke_TwiceWhileItLoads_ImportsOnce()
    {
        var file = _browser.Hold(Import);
        var first = _script.InvokeVoidAsync("copy", "one");
        var second = _script.InvokeVoidAsync("copy", "two");
        Assert.Equal([Import], _browser.Calls);

        file.SetResult();

        Assert.True(await first.Soon("the first call"));
        Assert.True(await second.Soon("the second call"));
        Assert.Equal([Import, "module.copy(one)", "module.copy(two)"], _browser.Calls.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(GoneAt))]
    public async Task Invoke_BrowserGoes_IsFalse(string call, bool cut)
    {
        _browser.Hold(call).SetException(cut ? new TaskCanceledException() : new JSDisconnectedException("gone"));

        Assert.False(await _script.InvokeVoidAsync("copy", "words"));
    }

    [Fact]
    public async Task InvokeForAResult_BrowserGoes_IsNull()
    {
        _browser.Hold("module.timeZone()").SetException(new JSDisconnectedException("gone"));

        Assert.Null(await _script.InvokeAsync<string>("timeZone"));
    }

    [Fact]
    public async Task Invoke_ScriptFails_Throws()
    {
        _browser.Hold("module.copy(words)").SetException(new JSException("not allowed"));

        await Assert.ThrowsAsync<JSException>(() => _script.InvokeVoidAsync("copy", "words"));
    }

    [Fact]
    public async Task Invoke_FileWasLostBefore_ImportsAgain()
    {
        _browser.Hold(Import).SetException(new JSException("404"));
        await Assert.ThrowsAsync<JSException>(() => _script.InvokeVoidAsync("copy", "words"));
        _browser.Release(Import);

        Assert.True(await _script.InvokeVoidAsync("copy", "words"));
        Assert.Equal([Import, Import, "module.copy(words)"], _browser.Calls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TryImport_LostFileOrGoneBrowser_IsNoError(bool lost)
    {
        _browser.Hold(Import).SetException(lost ? new JSException("404") : new JSDisconnectedException("gone"));

        await _script.TryImportAsync();

        Assert.Equal([Import], _browser.Calls);
    }

    [Theory]
    [InlineData("mounted.dispose()")]
    [InlineData("mounted is released")]
    [InlineData("module is released")]
    public async Task Dispose_BrowserIsGone_IsNoError(string call)
    {
        await _script.MountAsync();
        _browser.Hold(call).SetException(new JSDisconnectedException("gone"));

        await _script.DisposeAsync();

        Assert.Equal(call, _browser.Calls[^1]);
    }

    /// <summary>Notes the calls in order; a test holds one until it says how it ends.</summary>
    private sealed class Browser : IJSRuntime
    {
        private readonly Dictionary<string, TaskCompletionSource> _held = [];

        public List<string> Calls { get; } = [];

        public TaskCompletionSource Hold(string call) => _held[call] = new TaskCompletionSource();

        public void Release(string call) => _held.Remove(call);

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => identifier is "copilotMounts.mount"
            ? ((Reference)args![0]!).InvokeAsync<TValue>("mount", (object?[])args[1]!)
            : CallAsync<TValue>($"{identifier} {args![0]}", new Reference(this, "module"));

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) =>
            InvokeAsync<TValue>(identifier, args);

        public async ValueTask<TValue> CallAsync<TValue>(string call, object? result)
        {
            Calls.Add(call);
            if (_held.TryGetValue(call, out var held))
            {
                await held.Task;
            }

            return (TValue)result!;
        }
    }

    private sealed class Reference(Browser browser, string name) : IJSObjectReference
    {
        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => browser.CallAsync<TValue>(
            $"{name}.{identifier}({string.Join(", ", args ?? [])})",
            identifier switch
            {
                "mount" => new Reference(browser, "mounted"),
                "timeZone" => "Europe/Berlin",
                _ => null,
            });

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) =>
            InvokeAsync<TValue>(identifier, args);

        public async ValueTask DisposeAsync() => await browser.CallAsync<object?>($"{name} is released", null);
    }
}
