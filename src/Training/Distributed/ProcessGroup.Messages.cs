using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <content>What processes tell each other. For a process alone all of it is nothing.</content>
public sealed partial class ProcessGroup
{
    private Mpi Calls => _isLeft ? throw new ObjectDisposedException(nameof(ProcessGroup)) : _mpi!;

    /// <summary>Waits until all processes have come here, without taking processor time from those that have not.</summary>
    internal void Meet()
    {
        if (Size > 1) Calls.Meet();
    }

    /// <summary>Whether something is so in any process; all get the same answer.</summary>
    internal bool Any(bool isSo)
    {
        if (Size == 1) return isSo;
        Span<float> count = [isSo ? 1 : 0];
        Calls.Sum(count);
        return count[0] > 0;
    }

    /// <summary>Each process's number, by rank.</summary>
    internal double[] Gather(double number)
    {
        var all = new double[Size];
        all[Rank] = number;
        if (Size > 1) Calls.Sum(all.AsSpan());
        return all;
    }

    /// <summary>Puts the mean over the processes in the place of each number.</summary>
    internal void Average(Span<float> values)
    {
        if (Size == 1) return;
        Calls.Sum(values);
        foreach (ref var value in values) value /= Size;
    }

    /// <summary>Puts the sum over the processes in the place of a float32 tensor's numbers; it waits for its device.</summary>
    internal void Sum(Tensor tensor)
    {
        if (Size == 1 || tensor.numel() == 0) return;
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var values = tensor.detach().cpu().contiguous();
        Calls.Sum(MemoryMarshal.Cast<byte, float>(values.bytes));
        tensor.copy_(values);
    }

    /// <summary>Gives every process the first one's numbers.</summary>
    internal void Broadcast(Span<long> numbers)
    {
        if (Size > 1) Calls.Broadcast(MemoryMarshal.AsBytes(numbers), 0);
    }

    /// <summary>Gives every process the first one's tensors, which have the same shapes everywhere.</summary>
    internal void Broadcast(IEnumerable<Tensor> tensors)
    {
        if (Size == 1) return;
        using var untracked = no_grad();
        foreach (var tensor in tensors)
        {
            if (tensor.numel() == 0) continue;
            using var scope = NewDisposeScope();
            var values = tensor.detach().cpu().contiguous();
            Calls.Broadcast(values.bytes, 0);
            if (!IsFirst) tensor.copy_(values);
        }
    }

    /// <summary>Whether tensors have the same bits in all processes.</summary>
    internal bool AreSame(IEnumerable<Tensor> tensors)
    {
        if (Size == 1) return true;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in tensors)
        {
            using var scope = NewDisposeScope();
            hash.AppendData(tensor.detach().cpu().contiguous().bytes);
        }
        var all = Gather(Short(hash.GetHashAndReset()));
        return Array.TrueForAll(all, other => other == all[0]);
    }

    /// <summary>Does what fails in all processes or in none, because they look at the same numbers.</summary>
    internal T Alike<T>(Func<T> check)
    {
        try
        {
            return check();
        }
        catch
        {
            HasFailedTogether = true;
            throw;
        }
    }

    /// <summary>Does work in which this process may fail by itself, and takes note of it.</summary>
    internal T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e)
        {
            _failure = e;
            throw;
        }
    }

    private string Broadcast(string text, int from)
    {
        if (Size == 1) return text;
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<int> length = [bytes.Length];
        Calls.Broadcast(MemoryMarshal.AsBytes(length), from);
        if (Rank != from) bytes = new byte[length[0]];
        Calls.Broadcast(bytes, from);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>
    /// The rank among those of the same machine, how many they are, and this process's share of its processors. mpirun may have bound each
    /// process to processors of its own, which are then all its.
    /// </summary>
    private (int LocalRank, int LocalSize, int Processors) Look()
    {
        var machine = Environment.MachineName;
        var machines = Gather(Short(SHA256.HashData(Encoding.UTF8.GetBytes(machine))));
        var places = Gather(Short(SHA256.HashData(Encoding.UTF8.GetBytes(machine + "\n" + AllowedProcessors()))));
        var sharing = places.Count(place => place == places[Rank]);
        return (machines.Take(Rank).Count(other => other == machines[Rank]), machines.Count(other => other == machines[Rank]),
            Math.Max(1, Environment.ProcessorCount / sharing));
    }

    /// <summary>As many bits of a hash as a double holds.</summary>
    private static double Short(byte[] hash) => BinaryPrimitives.ReadUInt64LittleEndian(hash) >> 16;

    /// <summary>The processors that this process may use, as Linux writes them; empty elsewhere.</summary>
    private static string AllowedProcessors()
    {
        try
        {
            return File.ReadLines("/proc/self/status").FirstOrDefault(line =>
                line.StartsWith("Cpus_allowed_list", StringComparison.Ordinal)) ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
