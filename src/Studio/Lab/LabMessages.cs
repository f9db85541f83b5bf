using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace GanPipeline.Studio;

/// <summary>The messages between a lab and its page.</summary>
/// <remarks>
/// A frame is binary: the length of a JSON header in bytes (32 bits, little-endian, a multiple of 4), the header, and float32 arrays in the
/// order and of the lengths that its <c>arrays</c> name. Everything else is JSON.
/// </remarks>
internal static class LabMessages
{
    /// <summary>A page's message.</summary>
    /// <exception cref="ArgumentException">It is no command; the message says why.</exception>
    public static LabCommand Command(ReadOnlySpan<byte> message)
    {
        try
        {
            var command = JsonSerializer.Deserialize<LabCommand>(message, StudioJson.Options)
                ?? throw new ArgumentException("A command is an object.");
            return command.Action == LabAction.Change && command.Settings is null
                ? throw new ArgumentException("A change needs settings.") : command;
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"The message cannot be read: {e.Path}.", e);
        }
    }

    /// <summary>That something was wrong, and what.</summary>
    public static byte[] Problem(string problem) => JsonSerializer.SerializeToUtf8Bytes(new { problem }, StudioJson.Options);

    /// <summary>A frame with the state of its training.</summary>
    /// <param name="frame">What is shown.</param>
    /// <param name="real">The real points, x and y by turns.</param>
    /// <param name="isPlaying">Whether it trains.</param>
    /// <param name="phase">Where in a slow round it is.</param>
    /// <param name="roundsPerSecond">Measured.</param>
    public static byte[] Frame(LabFrame frame, float[] real, bool isPlaying, LabPhase phase, double roundsPerSecond)
    {
        (string Name, float[] Values)[] arrays =
        [
            ("real", real), ("generated", frame.Generated), ("gradients", frame.Gradients), ("judgements", frame.Judgements),
            ("manifold", frame.Manifold),
        ];
        var header = JsonSerializer.SerializeToUtf8Bytes(new
        {
            frame.Round,
            frame.DiscriminatorSteps,
            frame.GeneratorSteps,
            DiscriminatorLoss = Finite(frame.DiscriminatorLoss),
            GeneratorLoss = Finite(frame.GeneratorLoss),
            KullbackLeibler = Finite(frame.KullbackLeibler),
            JensenShannon = Finite(frame.JensenShannon),
            RealAccuracy = Finite(frame.RealAccuracy),
            GeneratedAccuracy = Finite(frame.GeneratedAccuracy),
            frame.Conditions,
            isPlaying,
            phase,
            roundsPerSecond,
            arrays = arrays.Select(array => new { array.Name, array.Values.Length }),
        }, StudioJson.Options);
        var padded = (header.Length + 3) / 4 * 4;
        var message = new byte[4 + padded + sizeof(float) * arrays.Sum(array => array.Values.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(message, padded);
        message.AsSpan(4, padded).Fill((byte)' ');
        header.CopyTo(message, 4);
        var at = 4 + padded;
        foreach (var (_, values) in arrays)
        {
            var bytes = MemoryMarshal.AsBytes<float>(values);
            bytes.CopyTo(message.AsSpan(at));
            at += bytes.Length;
        }
        return message;
    }

    // JSON has no other numbers; a page says that there is none.
    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
