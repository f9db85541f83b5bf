namespace GanPipeline.Pipelines;

/// <summary>Collects everything that is wrong with a request, so that all of it is told at once.</summary>
internal sealed class Problems
{
    /// <summary>More than this many help nobody; the rest is counted.</summary>
    private const int Shown = 50;

    private readonly List<(string Key, string Text)> _messages = [];
    private readonly HashSet<string> _seen = [];

    public bool Any => _messages.Count > 0;

    /// <summary>Adds one problem; the same one twice (a pipeline and its preset share a line) counts once.</summary>
    public void Add(Source source, string key, string message)
    {
        var text = key.Length > 0 ? $"{source}: {key}: {message}" : $"{source}: {message}";
        if (_seen.Add(text)) _messages.Add((key, text));
    }

    /// <summary>Throws everything found so far.</summary>
    public void ThrowIfAny()
    {
        if (!Any) return;
        var shown = _messages.Take(Shown).ToList();
        if (_messages.Count > Shown) shown.Add(("", $"... and {TextFormat.Count(_messages.Count - Shown)} more."));
        throw new RequestException([.. shown.Select(message => message.Text)]) { Keys = [.. shown.Select(message => message.Key)] };
    }
}
