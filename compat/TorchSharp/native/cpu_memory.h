#pragma once

// The C library gives large blocks back to the system when they are freed, so that each activation of each training step is
// mapped, faulted in page by page and zeroed anew. This allocator keeps large blocks for the next tensor of that size. It keeps
// at most as much as was in use at once, and lets everything go before it would keep more.

#include <c10/core/CPUAllocator.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace {

class KeepingAllocator final : public c10::Allocator {
 public:
  // In one libtorch or another `allocate` is const, and `copy_data` exists; whichever is asked for is here.
  c10::DataPtr allocate(size_t size) const { return take(size); }
  c10::DataPtr allocate(size_t size) { return take(size); }
  void copy_data(void* to, const void* from, size_t size) const { std::memcpy(to, from, size); }
  c10::DeleterFnPtr raw_deleter() const override { return &put; }

 private:
  static constexpr size_t kHeader = 64, kLarge = size_t(1) << 16;

  struct Kept {
    std::mutex mutex;
    std::unordered_map<size_t, std::vector<void*>> blocks;
    size_t in_use = 0, most_in_use = 0, size = 0;
  };

  // Never destroyed: tensors may outlive the library's globals.
  static Kept& kept() {
    static auto all = new Kept;
    return *all;
  }

  static c10::DataPtr take(size_t size) {
    if (size == 0) return {nullptr, nullptr, &put, c10::Device(c10::kCPU)};
    size_t whole = (size + kHeader + 4095) / 4096 * 4096;
    if (size < kLarge) whole = size + kHeader;
    void* block = nullptr;
    if (size >= kLarge) {
      std::lock_guard<std::mutex> lock(kept().mutex);
      kept().in_use += whole;
      kept().most_in_use = std::max(kept().most_in_use, kept().in_use);
      auto found = kept().blocks.find(whole);
      if (found != kept().blocks.end() && !found->second.empty()) {
        block = found->second.back();
        found->second.pop_back();
        kept().size -= whole;
      }
    }
    if (block == nullptr) {
      int failed = posix_memalign(&block, 64, whole);
      TORCH_CHECK(failed == 0, "not enough memory: ", size, " bytes for a tensor could not be had");
      *(size_t*)block = whole;
    }
    void* data = (char*)block + kHeader;
    return {data, data, &put, c10::Device(c10::kCPU)};
  }

  static void put(void* data) {
    if (data == nullptr) return;
    void* block = (char*)data - kHeader;
    size_t whole = *(size_t*)block;
    if (whole < kLarge + kHeader) return std::free(block);
    std::lock_guard<std::mutex> lock(kept().mutex);
    kept().in_use -= whole;
    if (kept().size + whole > kept().most_in_use) {
      for (auto& [size, blocks] : kept().blocks)
        for (void* other : blocks) std::free(other);
      kept().blocks.clear();
      kept().size = 0;
    }
    kept().blocks[whole].push_back(block);
    kept().size += whole;
  }
};

KeepingAllocator keeping_allocator;

// Ahead of libtorch's own, whose priority is 0.
[[maybe_unused]] const bool kept_from_here = (c10::SetCPUAllocator(&keeping_allocator, 100), true);

}  // namespace
