using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Copilot.Web.Identity.Circuits;

/// <summary>Holds a circuit's place among the others for as long as its scope lives. The framework makes one per circuit.</summary>
internal sealed class CircuitPlace : CircuitHandler, IDisposable
{
    private readonly CircuitOwners.Place? _place;

    public CircuitPlace(CircuitOwners owners)
    {
        _place = owners.Starting;
        _place?.Take();
    }

    /// <inheritdoc/>
    public void Dispose() => _place?.Dispose();
}
