using Microsoft.JSInterop;

namespace Copilot.Web.Components;

/// <summary>
/// The ES module of a component: imported when it is first needed, with what its <c>mount</c> has made, and disposed with the
/// component. A browser that is gone is no error, because its script is gone with it.
/// </summary>
/// <param name="script">The circuit's script runtime.</param>
/// <param name="path">The module, for example <c>./Components/Chat/Conversation/CopyButton.razor.js</c>.</param>
internal sealed class ScriptModule(IJSRuntime script, string path) : IAsyncDisposable
{
    private IJSObjectReference? _module;
    private IJSObjectReference? _mounted;
    private bool _disposed;

    /// <summary>True once <see cref="MountAsync"/> has ended and until the component goes.</summary>
    public bool IsMounted => _mounted is not null && !_disposed;

    /// <summary>Imports the module and keeps what its <c>mount</c> returns. False when the component has gone meanwhile.</summary>
    /// <exception cref="JSException">The module could not be loaded, or its <c>mount</c> failed.</exception>
    public async Task<bool> MountAsync(params object?[] arguments)
    {
        if (await ImportAsync() is { } module)
        {
            _mounted = await module.InvokeAsync<IJSObjectReference>("mount", arguments);
        }

        return IsMounted;
    }

    /// <summary>Calls what was mounted; nothing happens before that or afterwards.</summary>
    public ValueTask InvokeMountedAsync(string identifier, params object?[] arguments) =>
        IsMounted ? _mounted!.InvokeVoidAsync(identifier, arguments) : ValueTask.CompletedTask;

    /// <summary>Calls a function of the module.</summary>
    public async Task InvokeVoidAsync(string identifier, params object?[] arguments)
    {
        if (await ImportAsync() is { } module)
        {
            await module.InvokeVoidAsync(identifier, arguments);
        }
    }

    /// <summary>Calls a function of the module for its result; the type's default when the component has gone.</summary>
    public async Task<T?> InvokeAsync<T>(string identifier, params object?[] arguments) =>
        await ImportAsync() is { } module ? await module.InvokeAsync<T?>(identifier, arguments) : default;

    /// <summary>
    /// Imports a module that works by itself. Without it times stand still and copying does nothing, but everything can be read:
    /// neither a page that was left meanwhile nor a network that lost the file may end the circuit.
    /// </summary>
    public async Task TryImportAsync()
    {
        try
        {
            await ImportAsync();
        }
        catch (Exception exception) when (exception is JSException or JSDisconnectedException or OperationCanceledException)
        {
            // The page works without it.
            return;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        try
        {
            if (_mounted is not null)
            {
                await _mounted.InvokeVoidAsync("dispose");
                await _mounted.DisposeAsync();
            }

            if (_module is not null)
            {
                await _module.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone, and the script with it.
        }
    }

    private async Task<IJSObjectReference?> ImportAsync()
    {
        if (!_disposed)
        {
            _module ??= await script.InvokeAsync<IJSObjectReference>("import", path);
        }

        return _disposed ? null : _module;
    }
}
