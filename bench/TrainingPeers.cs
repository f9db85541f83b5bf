using TorchSharp;
using static TorchSharp.torch;

namespace GanPipeline.Bench;

/// <summary>
/// The peers of a training step, with as many threads as Torch has here: a plain TorchSharp program, and PyTorch where it is.
/// </summary>
internal sealed class TrainingPeers : IDisposable
{
    private readonly PeerProcess[] _peers;

    /// <param name="name">Of the step, as the peers call it.</param>
    /// <param name="filters">Of the networks' first layers.</param>
    /// <param name="batch">Images in a step.</param>
    /// <param name="device">Where to compute.</param>
    public TrainingPeers(string name, int filters, int batch, Device device)
    {
        object[] arguments = [filters, batch, get_num_threads(), device.type == DeviceType.CUDA ? "cuda" : "cpu"];
        var plain = PeerProcess.TorchSharp([name, .. arguments]);
        _peers = PeerProcess.TryPyTorch(name + ".py", arguments) is { } python ? [plain, python] : [plain];
    }

    public IEnumerable<string> Names => _peers.Select(peer => peer.Name);

    /// <summary>For each peer, what runs a number of its steps and returns the seconds they took.</summary>
    public Func<double>[] Run(int steps) => [.. _peers.Select(peer => (Func<double>)(() => peer.Run(steps)))];

    public void Dispose()
    {
        foreach (var peer in _peers) peer.Dispose();
    }
}
