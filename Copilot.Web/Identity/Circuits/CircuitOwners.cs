using System.Collections.Concurrent;
using Copilot.Web.Options;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Identity.Circuits;

/// <summary>
/// All circuits with their owners. Who reconnects to one must be who has started it, and there is a limit to how many a person and all
/// people together may have.
/// </summary>
internal sealed class CircuitOwners(IOptions<LimitOptions> limits)
{
    private readonly Lock _lock = new();
    private readonly HashSet<Place> _places = [];
    private readonly ConcurrentDictionary<string, Place> _bySecret = new(StringComparer.Ordinal);
    private readonly AsyncLocal<Place?> _starting = new();

    /// <summary>How many circuits there are; leak tests read it.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _places.Count;
            }
        }
    }

    /// <summary>
    /// The place of the circuit that is being started in this flow; null outside a start. The circuit's scope takes it and disposes it.
    /// </summary>
    public Place? Starting => _starting.Value;

    /// <summary>A place for one more circuit, or null when the person or all together have as many as may be.</summary>
    public Place? TryBegin(CircuitOwner owner)
    {
        lock (_lock)
        {
            if (_places.Count >= limits.Value.Circuits || _places.Count(place => place.Owner.UserId == owner.UserId) >= limits.Value.CircuitsPerPerson)
            {
                return null;
            }

            var place = new Place(this, owner);
            _places.Add(place);
            return _starting.Value = place;
        }
    }

    /// <summary>Whether the circuit with this secret is this owner's.</summary>
    public bool Owns(CircuitOwner owner, string secret) => _bySecret.TryGetValue(secret, out var place) && place.Owner == owner;

    /// <summary>One circuit's place.</summary>
    internal sealed class Place(CircuitOwners owners, CircuitOwner owner) : IDisposable
    {
        private string? _secret;
        private bool _isTaken;
        private bool _isGone;

        /// <summary>Whose it is.</summary>
        public CircuitOwner Owner { get; } = owner;

        /// <summary>The circuit's scope holds the place from now on.</summary>
        public void Take() => _isTaken = true;

        /// <summary>The start has ended: with the secret that its browser reconnects with, or with none when there is no circuit.</summary>
        public void Started(string? secret)
        {
            lock (owners._lock)
            {
                if (secret is null || _isGone)
                {
                    // A circuit that took it disposes it; otherwise nobody does.
                    if (!_isTaken)
                    {
                        owners._places.Remove(this);
                    }

                    return;
                }

                _secret = secret;
                owners._bySecret[secret] = this;
            }
        }

        /// <summary>The circuit is gone.</summary>
        public void Dispose()
        {
            lock (owners._lock)
            {
                _isGone = true;
                owners._places.Remove(this);
                if (_secret is not null)
                {
                    owners._bySecret.TryRemove(_secret, out _);
                }
            }
        }
    }
}
