namespace Copilot.Web.Supervision;

/// <summary>About how many tokens a second a run streams, from how its text grows: the upstream says the true number only at the end.</summary>
internal sealed class TokenRate
{
    private const double CharactersPerToken = 4;

    private int _length;
    private int _grown;
    private double _rate;

    /// <summary>The newest rate, smoothed.</summary>
    public int Now => (int)Math.Round(_rate);

    /// <summary>The text under way is so long now; a shorter one is the next text.</summary>
    public void Reach(int length)
    {
        _grown += length >= _length ? length - _length : length;
        _length = length;
    }

    /// <summary>A second is over.</summary>
    public void Tick()
    {
        _rate = (_rate + (_grown / CharactersPerToken)) / 2;
        _rate = _rate < 1 ? 0 : _rate;
        _grown = 0;
    }
}
