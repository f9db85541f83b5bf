using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GanPipeline.Jobs;

/// <summary>Latents of a NumPy file: an array [N, Z] of float32 or float64.</summary>
internal sealed class LatentFile : IDisposable
{
    private readonly string _path;
    private readonly int _latentSize, _start;
    private readonly bool _isDouble;
    private readonly SafeFileHandle _file;

    private LatentFile(string path, NpyHeader header, SafeFileHandle file)
    {
        (_path, _start, _isDouble, _file) = (path, header.Length, header.Type == NpyHeader.Float64, file);
        (Count, _latentSize) = (header.Shape[0], (int)header.Shape[1]);
    }

    /// <summary>N.</summary>
    public long Count { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="JobException">It is missing, damaged, or holds something else than latents of this size.</exception>
    public static LatentFile Open(string path, int latentSize)
    {
        if (!File.Exists(path)) throw new JobException($"There is no file '{path}' with latents.");
        NpyHeader header;
        using (var stream = File.OpenRead(path))
        {
            try
            {
                header = NpyHeader.Read(stream);
            }
            catch (InvalidDataException e)
            {
                throw new JobException($"'{path}' holds no latents: {e.Message}.", e);
            }
            Require(path, header, latentSize, stream.Length);
        }
        return new LatentFile(path, header, File.OpenHandle(path));
    }

    /// <summary>Latents one after the other.</summary>
    /// <param name="first">Of the first one, from 0.</param>
    /// <param name="latents">Receives [n, Z].</param>
    /// <exception cref="JobException">A value is no number, or the file has become shorter.</exception>
    public void Read(long first, Span<float> latents)
    {
        if (_isDouble)
        {
            var values = new double[latents.Length];
            Fill(first, MemoryMarshal.AsBytes(values.AsSpan()), sizeof(double));
            for (var i = 0; i < values.Length; i++) latents[i] = (float)values[i];
        }
        else
        {
            Fill(first, MemoryMarshal.AsBytes(latents), sizeof(float));
        }
        for (var i = 0; i < latents.Length; i++)
        {
            if (!float.IsFinite(latents[i]))
                throw new JobException($"Latent {first + i / _latentSize} of '{_path}' holds {latents[i]}, which is no number.");
        }
    }

    public void Dispose() => _file.Dispose();

    private static void Require(string path, NpyHeader header, int latentSize, long length)
    {
        var shape = string.Join(", ", header.Shape);
        var isFloat = header.Type is NpyHeader.Float32 or NpyHeader.Float64;
        if (!isFloat || header.IsFortranOrder || header.Shape.Count != 2 || header.Shape[1] != latentSize || header.Shape[0] < 1)
        {
            var order = header.IsFortranOrder ? " in Fortran's order" : "";
            throw new JobException($"'{path}' holds {header.Type} [{shape}]{order}; " +
                $"latents of this generator are {NpyHeader.Float32} or {NpyHeader.Float64} [N, {latentSize}] in C's order.");
        }
        var size = header.Type == NpyHeader.Float64 ? sizeof(double) : sizeof(float);
        if ((length - header.Length) / size / latentSize < header.Shape[0])
            throw new JobException($"'{path}' is cut short: {length} bytes do not hold [{shape}].");
    }

    private void Fill(long first, Span<byte> bytes, int valueSize)
    {
        for (var at = _start + first * _latentSize * valueSize; bytes.Length > 0;)
        {
            var read = RandomAccess.Read(_file, bytes, at);
            if (read == 0) throw new JobException($"'{_path}' was cut short while it was read.");
            bytes = bytes[read..];
            at += read;
        }
    }
}
