namespace GanPipeline.Bench;

/// <summary>One line of a benchmark's result. A ratio above 1 means that ours is better.</summary>
internal sealed record Row(
    string Name,
    double Ours,
    double Peer,
    string PeerName,
    string Unit,
    double Ratio,
    string Stack,
    string? Note = null);
