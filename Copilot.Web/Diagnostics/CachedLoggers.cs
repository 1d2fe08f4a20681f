using System.Collections.Concurrent;

namespace Copilot.Web.Diagnostics;

/// <summary>
/// One logger per category. Serilog's factory makes a new one at every call, and the framework calls it about twenty times for each page
/// that is open: they would be a twentieth of what such a page holds.
/// </summary>
internal sealed class CachedLoggers(ILoggerFactory factory) : ILoggerFactory
{
    private readonly ConcurrentDictionary<string, ILogger> _loggers = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, factory.CreateLogger);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => factory.AddProvider(provider);

    /// <inheritdoc/>
    public void Dispose() => factory.Dispose();

    /// <summary>Wraps the factory that is registered.</summary>
    public static void Decorate(IServiceCollection services)
    {
        var registered = services.Last(service => service.ServiceType == typeof(ILoggerFactory));
        services.Remove(registered);
        services.AddSingleton<ILoggerFactory>(provider => new CachedLoggers(
            registered.ImplementationInstance as ILoggerFactory
            ?? (ILoggerFactory?)registered.ImplementationFactory?.Invoke(provider)
            ?? (ILoggerFactory)ActivatorUtilities.CreateInstance(provider, registered.ImplementationType!)));
    }
}
