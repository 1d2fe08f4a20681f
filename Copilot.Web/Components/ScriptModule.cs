using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Copilot.Web.Components;

/// <summary>
/// The ES module of a component: imported when it is first needed, with what its <c>mount</c> has made, and disposed with the
/// component, also while it is still loading. A browser that is gone is no error, because its script is gone with it.
/// </summary>
/// <remarks>Belongs to one component and is used in its synchronization context only.</remarks>
/// <param name="script">The circuit's script runtime.</param>
/// <param name="path">The module, for example <c>./Components/Chat/Conversation/CopyButton.razor.js</c>.</param>
internal sealed class ScriptModule(IJSRuntime script, string path) : IAsyncDisposable
{
    private Task<IJSObjectReference>? _import;
    private IJSObjectReference? _module;
    private readonly Queue<(string Identifier, object?[] Arguments)> _early = [];
    private readonly List<IDisposable> _references = [];
    private IJSObjectReference? _mounted;
    private bool _disposed;

    /// <summary>True once <see cref="MountAsync"/> has ended and until the component goes.</summary>
    public bool IsMounted => _mounted is not null && !_disposed;

    /// <summary>What the script calls its component by: made once, and disposed with the module.</summary>
    public DotNetObjectReference<T> ReferenceTo<T>(T component)
        where T : class
    {
        if (_references.OfType<DotNetObjectReference<T>>().FirstOrDefault() is { } made)
        {
            return made;
        }

        var reference = DotNetObjectReference.Create(component);
        _references.Add(reference);
        return reference;
    }

    /// <summary>
    /// Imports the module and keeps what its <c>mount</c> returns: an object with a <c>dispose</c>. False when the component or the
    /// browser has gone meanwhile.
    /// </summary>
    /// <exception cref="JSException">The module could not be loaded, or its <c>mount</c> failed.</exception>
    public async Task<bool> MountAsync(params object?[] arguments)
    {
        await RunAsync(async module =>
        {
            _mounted = await script.InvokeAsync<IJSObjectReference>("copilotMounts.mount", module, arguments);
            if (_disposed)
            {
                await ReleaseAsync();
            }
        }, arguments);
        while (IsMounted && _early.TryDequeue(out var call))
        {
            await InvokeMountedAsync(call.Identifier, call.Arguments);
        }

        return IsMounted;
    }

    /// <summary>Calls what was mounted; nothing happens before that or afterwards.</summary>
    /// <exception cref="JSException">The call failed in the browser.</exception>
    public async Task InvokeMountedAsync(string identifier, params object?[] arguments)
    {
        if (IsMounted)
        {
            await RunAsync(_ => _mounted!.InvokeVoidAsync(identifier, arguments).AsTask(), arguments);
        }
    }

    /// <summary>Calls what was mounted, now or as soon as it is: for what must not be lost.</summary>
    /// <exception cref="JSException">The call failed in the browser.</exception>
    public Task InvokeOnceMountedAsync(string identifier, params object?[] arguments)
    {
        if (IsMounted)
        {
            return InvokeMountedAsync(identifier, arguments);
        }

        _early.Enqueue((identifier, arguments));
        return Task.CompletedTask;
    }

    /// <summary>Calls a function of the module. False when the component or the browser has gone.</summary>
    /// <exception cref="JSException">The module could not be loaded, or the call failed in the browser.</exception>
    public Task<bool> InvokeVoidAsync(string identifier, params object?[] arguments) =>
        RunAsync(module => module.InvokeVoidAsync(identifier, arguments).AsTask(), arguments);

    /// <summary>Calls a function of the module for its result; the type's default when the component or the browser has gone.</summary>
    /// <exception cref="JSException">The module could not be loaded, or the call failed in the browser.</exception>
    public async Task<T?> InvokeAsync<T>(string identifier, params object?[] arguments)
    {
        T? result = default;
        await RunAsync(async module => result = await module.InvokeAsync<T?>(identifier, arguments), arguments);
        return result;
    }

    /// <summary>
    /// Imports a module that works by itself. Without it times stand still and copying does nothing, but everything can be read:
    /// neither a page that was left meanwhile nor a network that lost the file may end the circuit.
    /// </summary>
    public async Task TryImportAsync()
    {
        try
        {
            await RunAsync(_ => Task.CompletedTask, []);
        }
        catch (JSException)
        {
            // The page works without it.
            return;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        await ReleaseAsync();
        foreach (var reference in _references)
        {
            reference.Dispose();
        }
    }

    // A call that was under way when its circuit ended is cancelled; one after that finds it disconnected.
    private static bool IsGone(Exception exception) => exception is JSDisconnectedException or OperationCanceledException;

    private async Task<bool> RunAsync(Func<IJSObjectReference, Task> call, object?[] arguments)
    {
        try
        {
            if (await ImportAsync() is not { } module)
            {
                return false;
            }

            await call(module);
            return true;
        }
        catch (JSException)
        {
            // Who leaves a page at once takes away what its script was called for, before the component is told.
            if (_disposed || !await AreThereAsync(arguments))
            {
                return false;
            }

            throw;
        }
        catch (Exception exception) when (IsGone(exception))
        {
            return false;
        }
    }

    /// <summary>Whether the elements that a call was made for are in the page: the browser's script is given null for one that is not.</summary>
    private async Task<bool> AreThereAsync(object?[] arguments)
    {
        try
        {
            foreach (var element in arguments.OfType<ElementReference>())
            {
                if (!await script.InvokeAsync<bool>("Boolean", element))
                {
                    return false;
                }
            }

            return true;
        }
        catch (Exception exception) when (IsGone(exception))
        {
            return false;
        }
    }

    private async Task<IJSObjectReference?> ImportAsync()
    {
        if (_disposed)
        {
            return null;
        }

        // Calls that come while it loads wait for the same import.
        var import = _import ??= script.InvokeAsync<IJSObjectReference>("import", path).AsTask();
        try
        {
            _module = await import;
        }
        catch
        {
            // The next call tries again.
            _import = null;
            throw;
        }

        if (!_disposed)
        {
            return _module;
        }

        await ReleaseAsync();
        return null;
    }

    private async Task ReleaseAsync()
    {
        var (mounted, module) = (_mounted, _module);
        (_mounted, _module) = (null, null);
        try
        {
            if (mounted is not null)
            {
                await mounted.InvokeVoidAsync("dispose");
                await mounted.DisposeAsync();
            }

            if (module is not null)
            {
                await module.DisposeAsync();
            }
        }
        catch (Exception exception) when (IsGone(exception))
        {
            // The script is gone with the browser.
            return;
        }
    }
}
